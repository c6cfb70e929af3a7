/* Programming mistakes inside the library: they stop a build with assertions, and do no harm in one without. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "export/json.h"
#include "fixture.h"

/* Whether it carried on, and reported the failure. */
static bool fails(unsigned fields)
{
    struct json_object *object = calloc(1, sizeof *object);
    struct buffer printed = { 0 };
    json_begin(object);
    for (unsigned i = 0; i < fields; i++)
        json_add_integer(object, "key", i);
    bool ok = json_print(&printed, object, 0);
    buffer_free(&printed);
    free(object);
    return !ok;
}

static void a_field_too_many_is_no_write_beyond_the_object(void **state)
{
    int status;
    (void)state;
    assert_false(fails(JSON_FIELDS_MAX));
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        close(2);
        _exit(!fails(JSON_FIELDS_MAX + 1));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true((WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
                (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_field_too_many_is_no_write_beyond_the_object) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
