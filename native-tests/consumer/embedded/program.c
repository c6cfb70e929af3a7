/* A program that knows only about the plugin. */
#include <stdio.h>

int plugin_events(void);

int main(void)
{
    printf("%d events\n", plugin_events());
    return 0;
}
