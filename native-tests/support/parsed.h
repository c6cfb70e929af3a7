/* JSON as tests read it: parsed by a real parser, with every field looked up by its exact key. */
#ifndef RINGSCOPE_TEST_PARSED_H
#define RINGSCOPE_TEST_PARSED_H

#include <math.h>

#include <cjson/cJSON.h>

#include "fixture.h"

/* The caller frees it with cJSON_Delete(). Fails if anything but white space follows the document. */
static inline cJSON *parsed(const char *text)
{
    cJSON *json = text ? cJSON_ParseWithOpts(text, NULL, true) : NULL;
    if (!json)
        fail_msg("not JSON: %s", text ? text : "NULL");
    return json;
}

/* The same, and frees the text. */
static inline cJSON *parsed_once(char *text)
{
    cJSON *json = parsed(text);
    free(text);
    return json;
}

static inline bool parsed_has(const cJSON *json, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(json, key) != NULL;
}

static inline const cJSON *parsed_field(const cJSON *json, const char *key)
{
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(json, key);
    if (!field)
        fail_msg("there is no %s", key);
    return field;
}

static inline double parsed_number(const cJSON *json, const char *key)
{
    const cJSON *field = parsed_field(json, key);
    if (!cJSON_IsNumber(field))
        fail_msg("%s is not a number", key);
    return field->valuedouble;
}

static inline const char *parsed_text(const cJSON *json, const char *key)
{
    const cJSON *field = parsed_field(json, key);
    if (!cJSON_IsString(field))
        fail_msg("%s is not a text", key);
    return field->valuestring;
}

static inline void check_number(const cJSON *json, const char *key, double expected)
{
    double is = parsed_number(json, key);
    if (!(fabs(is - expected) < 1e-9))
        fail_msg("%s is %.17g, expected %.17g", key, is, expected);
}

#endif
