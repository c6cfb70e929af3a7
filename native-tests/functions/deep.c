/* Recursion beyond the depth that is kept of a thread: it returns, is left by a jump, and recording goes on. 40006
 * calls with main(). */
#include <setjmp.h>

#define DEPTH 20000

static jmp_buf out;

static int descend(int further, int leave)
{
    if (further == 0 && leave)
        longjmp(out, 1);
    return further ? descend(further - 1, leave) + 1 : 0;
}

int main(void)
{
    int depth = descend(DEPTH, 0);
    if (setjmp(out) == 0)
        descend(DEPTH, 1);
    return depth != DEPTH || descend(2, 0) != 2;
}
