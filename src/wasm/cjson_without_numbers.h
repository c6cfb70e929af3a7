/*
 * Included before cJSON.c in WebAssembly: all numbers reach cJSON as raw text, and nothing is parsed, so its own
 * conversions are never called and need not be linked.
 */
#ifndef RINGSCOPE_CJSON_WITHOUT_NUMBERS_H
#define RINGSCOPE_CJSON_WITHOUT_NUMBERS_H

#include <stdio.h>
#include <stdlib.h>

#define sscanf(...) 0
#define strtod(text, end) (*(end) = NULL, 0.0)

#endif
