/* A library that stacks.c opens. */
void library_calls(void (*function)(int), int argument);

void library_calls(void (*function)(int), int argument)
{
    function(argument);
    __asm__ volatile("");
}
