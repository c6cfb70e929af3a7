/* Regular expressions: the meaning of each, the errors for invalid ones, the results compared with trying every
 * position of a text, and time that grows only with the text. */
#include <stdio.h>

#include "fixture.h"
#include "timeline/query/regexp.h"

static struct regexp *compile(const char *pattern, bool any_case)
{
    struct regexp_error error;
    struct regexp *regexp = regexp_create(pattern, strlen(pattern), any_case, &error);
    if (!regexp)
        fail_msg("/%s/: %s at %zu", pattern, error.text, error.at);
    return regexp;
}

static bool is_found(const char *pattern, const char *text)
{
    struct regexp *regexp = compile(pattern, false);
    bool found = regexp_in(regexp, text, strlen(text));
    regexp_destroy(regexp);
    return found;
}

static void an_expression_means_what_posix_says(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool found;
    } cases[] = {
        { "", "", true },
        { "", "x", true },
        { "a", "", false },
        { "b", "abc", true },
        { "^b", "abc", false },
        { "^a", "abc", true },
        { "c$", "abc", true },
        { "b$", "abc", false },
        { "^$", "", true },
        { "^$", "a", false },
        { "$^", "", true },
        { "a^b", "a^b", false },
        { "(^a|b)c", "xac", false },
        { "(^a|b)c", "xbc", true },
        { "(a$|b)", "ac", false },
        { "a.c", "abc", true },
        { "a.c", "ac", false },
        { "a.c",
          "a\xc3\xa4"
          "c",
          true }, /* ä is one character */
        { "a..c",
          "a\xc3\xa4"
          "c",
          false },
        { "a.c",
          "a\xff"
          "c",
          true },
        { "[\xc3\xa4-\xc3\xbc]", "\xc3\xb6", true },
        { "[\xc3\xa4-\xc3\xbc]", "\xc3\xbf", false },
        { "ab*c", "ac", true },
        { "ab+c", "ac", false },
        { "ab?c", "abbc", false },
        { "^(ab|cd)+$", "abcdab", true },
        { "^(ab|cd)+$", "abcda", false },
        { "^a{2}$", "aa", true },
        { "^a{2}$", "aaa", false },
        { "^a{2,}$", "a", false },
        { "^a{2,}$", "aaaaa", true },
        { "^a{2,3}$", "aaaa", false },
        { "^a{0,2}$", "", true },
        { "^a{0}b$", "b", true },
        { "^(a|bc){2,3}$", "abcbc", true },
        { "^(a|bc){2,3}$", "abcbca", false },
        { "[abc]", "xxb", true },
        { "[^abc]", "abc", false },
        { "[^abc]", "abcd", true },
        { "[]a]", "]", true },
        { "[^]a]", "]", false },
        { "[a-]", "-", true },
        { "[a\\]", "\\", true },
        { "[[:digit:]_]+$", "x_12", true },
        { "^[[:alpha:]]+$", "ab1", false },
        { "[[.-.]]", "-", true },
        { "[[=a=]]", "a", true },
        { "\\.h$", "stdio.h", true },
        { "\\.h$", "stdioxh", false },
        { "a\\/b", "a/b", true },
        { "a|b|c", "xc", true },
        { "(a|)b", "b", true },
        { "()", "", true },
        { "(a*)*b", "aaab", true },
        { "A", "a", false },
        { "open(at)?$", "openat", true },
        { "ENO(ENT|TDIR)", "= -1 ENOTDIR", true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (is_found(cases[i].pattern, cases[i].text) != cases[i].found)
            fail_msg("/%s/ in \"%s\" should be %d", cases[i].pattern, cases[i].text, cases[i].found);
}

static void letters_match_in_both_cases_where_that_is_wanted(void **state)
{
    struct regexp *regexp = compile("^[a-f]X[^k]$", true);
    (void)state;
    assert_true(regexp_in(regexp, "BxZ", 3));
    assert_true(regexp_in(regexp, "fXz", 3));
    assert_false(regexp_in(regexp, "bxK", 3));
    assert_false(regexp_in(regexp, "gxz", 3));
    regexp_destroy(regexp);
}

static void what_is_no_expression_says_what_and_where(void **state)
{
    static const struct {
        const char *pattern, *says;
        size_t at;
    } cases[] = {
        { "a(b", "( has no )", 1 },
        { "ab)", ") has no (", 2 },
        { "[ab", "[ has no ]", 0 },
        { "x[z-a]", "ends before it begins", 2 },
        { "[[:letter:]]", "no class", 1 },
        { "*a", "nothing before the *", 0 },
        { "a|+", "nothing before the +", 2 },
        { "a{x}", "a number must follow", 1 },
        { "a{2", "{ has no }", 1 },
        { "a{3,2}", "at most 2 is less than at least 3", 1 },
        { "a{256}", "more than 255", 1 },
        { "^*", "cannot be repeated", 1 },
        { "\\d", "[[:digit:]]", 0 },
        { "a\\", "nothing follows", 1 },
        { "((((a{99}){99}){99}){99})", "too large", 9 },
    };
    struct regexp_error error;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (regexp_create(cases[i].pattern, strlen(cases[i].pattern), false, &error))
            fail_msg("/%s/ is none", cases[i].pattern);
        if (!strstr(error.text, cases[i].says))
            fail_msg("/%s/: \"%s\" should have \"%s\"", cases[i].pattern, error.text, cases[i].says);
        if (i + 1 < sizeof cases / sizeof cases[0])
            assert_int_equal(error.at, cases[i].at);
    }
    char deep[200];
    memset(deep, '(', sizeof deep);
    assert_null(regexp_create(deep, sizeof deep, false, &error));
    assert_non_null(strstr(error.text, "nested"));
}

/* ---------------------------------------------- compared with a plain matcher */

static uint64_t random_state = 88172645463325252u;

static unsigned below(unsigned limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state % limit);
}

/* An expression as a tree, to be printed and to be matched in the plainest way: as the set of text positions that it
 * leads to. */
struct node {
    enum { LETTERS, FOLLOWING, EITHER } kind;
    const char *written, *letters; /* LETTERS: the set of characters */
    struct node *first, *second;
    unsigned least, most; /* repetitions */
};

#define NODES 64u
#define MANY 12u /* more than a text's length */

struct tree {
    struct node nodes[NODES];
    unsigned count;
};

static struct node *grow(struct tree *tree, unsigned depth)
{
    static const struct node atoms[] = {
        { .written = "a", .letters = "a" },      { .written = "b", .letters = "b" },
        { .written = ".", .letters = "abcd" },   { .written = "[ab]", .letters = "ab" },
        { .written = "[^a]", .letters = "bcd" }, { .written = "[b-d]", .letters = "bcd" },
    };
    static const unsigned times[][2] = {
        { 0, MANY }, { 1, MANY }, { 0, 1 }, { 2, 2 }, { 1, 3 }, { 2, MANY }, { 0, 2 }
    };
    struct node *node = &tree->nodes[tree->count++];
    *node = atoms[below(sizeof atoms / sizeof atoms[0])];
    node->least = node->most = 1;
    if (below(3) == 0) {
        const unsigned *chosen = times[below(sizeof times / sizeof times[0])];
        node->least = chosen[0];
        node->most = chosen[1];
    }
    if (depth < 5 && tree->count + 2 < NODES && below(5) < 3) {
        node->kind = below(3) ? FOLLOWING : EITHER;
        node->first = grow(tree, depth + 1);
        node->second = tree->count < NODES ? grow(tree, depth + 1) : NULL;
        if (!node->second)
            node->kind = LETTERS;
    }
    return node;
}

static void write_down(const struct node *node, FILE *to)
{
    if (node->kind == LETTERS) {
        fputs(node->written, to);
    } else {
        fputs("(", to);
        write_down(node->first, to);
        fputs(node->kind == EITHER ? "|" : "", to);
        write_down(node->second, to);
        fputs(")", to);
    }
    if (node->most == MANY && node->least < 2)
        fputs(node->least ? "+" : "*", to);
    else if (node->most == MANY)
        fprintf(to, "{%u,}", node->least);
    else if (node->least != 1 || node->most != 1)
        fprintf(to, "{%u,%u}", node->least, node->most);
}

static unsigned lead_on(const struct node *node, const char *text, unsigned from);

static unsigned lead_once(const struct node *node, const char *text, unsigned from)
{
    unsigned to = 0;
    if (node->kind == FOLLOWING)
        return lead_on(node->second, text, lead_on(node->first, text, from));
    if (node->kind == EITHER)
        return lead_on(node->first, text, from) | lead_on(node->second, text, from);
    for (unsigned at = 0; text[at]; at++)
        if (from >> at & 1 && strchr(node->letters, text[at]))
            to |= 2u << at;
    return to;
}

/* Returns the positions, as bits, that are reached from the given positions. */
static unsigned lead_on(const struct node *node, const char *text, unsigned from)
{
    unsigned to = node->least == 0 ? from : 0;
    for (unsigned times = 1; times <= node->most; times++) {
        from = lead_once(node, text, from);
        to |= times >= node->least ? from : 0;
    }
    return to;
}

static void compare(const struct node *tree, const char *pattern, bool from_begin, bool to_end)
{
    struct regexp *regexp = compile(pattern, false);
    for (int i = 0; i < 30; i++) {
        char text[MANY] = "";
        unsigned bytes = below(10);
        for (unsigned at = 0; at < bytes; at++)
            text[at] = "abcd"[below(4)];
        unsigned ends = lead_on(tree, text, from_begin ? 1 : (2u << bytes) - 1);
        bool expected = to_end ? ends >> bytes & 1 : ends != 0;
        if (regexp_in(regexp, text, bytes) != expected)
            fail_msg("/%s/ in \"%s\" should be %d", pattern, text, expected);
    }
    regexp_destroy(regexp);
}

static void it_finds_what_trying_all_places_finds(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        char pattern[1024];
        struct tree tree = { .count = 0 };
        bool from_begin = below(3) == 0, to_end = below(3) == 0;
        const struct node *root = grow(&tree, 0);
        FILE *to = fmemopen(pattern, sizeof pattern, "w");
        assert_non_null(to);
        fputs(from_begin ? "^" : "", to);
        write_down(root, to);
        fputs(to_end ? "$" : "", to);
        fputc('\0', to);
        assert_int_equal(fclose(to), 0);
        compare(root, pattern, from_begin, to_end);
    }
}

/* Cases where other matchers try all 2^n ways; and more sets of instructions than are cached. */
static void it_takes_linear_time(void **state)
{
    char text[3000];
    (void)state;
    memset(text, 'a', sizeof text);
    struct regexp *nested = compile("^((a*)*)*b$", false);
    assert_false(regexp_in(nested, text, sizeof text));
    regexp_destroy(nested);
    struct regexp *many = compile("(a|b)*a(a|b){30}c", false);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = below(2) ? 'a' : 'b';
    assert_false(regexp_in(many, text, sizeof text));
    text[sizeof text - 1] = 'c';
    text[sizeof text - 32] = 'a';
    assert_true(regexp_in(many, text, sizeof text));
    text[sizeof text - 32] = 'b';
    assert_false(regexp_in(many, text, sizeof text));
    regexp_destroy(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_expression_means_what_posix_says),
        cmocka_unit_test(letters_match_in_both_cases_where_that_is_wanted),
        cmocka_unit_test(what_is_no_expression_says_what_and_where),
        cmocka_unit_test(it_finds_what_trying_all_places_finds),
        cmocka_unit_test(it_takes_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
