/* The compositor: draws changed windows onto the screen at the end of each tick. */
#include <string.h>

#include "toy_internal.h"

#define CELL_NS 2500u
#define CLEAR_NS 120000u
#define PRESENT_NS 400000u /* to send a frame to the display */

static struct toy_window *window_of(struct toy_process *self, int window)
{
    if (window < 0 || window >= WINDOWS || self->kernel->windows[window].pid != self->pid)
        return NULL;
    return &self->kernel->windows[window];
}

static void draw(struct toy_kernel *kernel, struct toy_window *window)
{
    struct trace_span span = toy_span_begin((struct toy_about){ kernel, TRACE_COMPOSITOR, 0 }, "draw");
    const struct toy_segment *segment = &kernel->segments[window->segment];
    const struct toy_place *place = &window->place;
    const unsigned char *cells = kernel->pages[segment->first_page];
    window->damaged = false;
    for (int y = 0; y < place->height; y++)
        memcpy(&kernel->screen[place->y + y][place->x], cells + (size_t)(y * place->width), (size_t)place->width);
    toy_spend(kernel, (uint64_t)(place->width * place->height) * CELL_NS);
    toy_span_end(&span, "window %d: %dx%d of %s", (int)(window - kernel->windows), place->width, place->height,
                 segment->name);
}

static bool any_damage(const struct toy_kernel *kernel)
{
    for (int i = 0; i < WINDOWS; i++)
        if (kernel->windows[i].pid && kernel->windows[i].damaged)
            return true;
    return false;
}

void toy_compose(struct toy_kernel *kernel)
{
    if (!any_damage(kernel))
        return;
    struct toy_about about = { kernel, TRACE_COMPOSITOR, 0 };
    struct trace_span frame = toy_span_begin(about, "compose");
    toy_spend(kernel, CLEAR_NS);
    for (int i = 0; i < WINDOWS; i++)
        if (kernel->windows[i].pid && kernel->windows[i].damaged)
            draw(kernel, &kernel->windows[i]);
    toy_spend(kernel, PRESENT_NS);
    kernel->frames++;
    toy_span_end(&frame, "frame %u", (unsigned)kernel->frames);
}

/* Clears the window's area of the screen. */
static void close_window(struct toy_kernel *kernel, struct toy_window *window)
{
    const struct toy_place *place = &window->place;
    for (int y = 0; y < place->height; y++)
        memset(&kernel->screen[place->y + y][place->x], 0, (size_t)place->width);
    toy_event((struct toy_about){ kernel, TRACE_COMPOSITOR, window->pid }, "close window", "%d",
              (int)(window - kernel->windows));
    window->pid = 0;
}

void toy_windows_release(struct toy_process *self, int segment)
{
    for (int i = 0; i < WINDOWS; i++)
        if (window_of(self, i) && self->kernel->windows[i].segment == segment)
            close_window(self->kernel, &self->kernel->windows[i]);
}

/* ------------------------------------------------------------ system calls */

static bool on_screen(const struct toy_place *place)
{
    return place->x >= 0 && place->y >= 0 && place->width > 0 && place->height > 0 && place->width <= SCREEN_WIDTH &&
           place->height <= SCREEN_HEIGHT && place->x <= SCREEN_WIDTH - place->width &&
           place->y <= SCREEN_HEIGHT - place->height;
}

/* The segment must hold all the window's cells, and the process must have it open. */
static int open_window(struct toy_process *self, const struct toy_place *place, int segment)
{
    struct toy_kernel *kernel = self->kernel;
    int window = 0;
    if (!on_screen(place) || !toy_segment_holds(self, segment, place->width * place->height))
        return TOY_EINVAL;
    while (window < WINDOWS && kernel->windows[window].pid)
        window++;
    if (window == WINDOWS)
        return TOY_ENOMEM;
    kernel->windows[window] = (struct toy_window){ .pid = self->pid, .segment = segment, .place = *place };
    toy_event((struct toy_about){ kernel, TRACE_COMPOSITOR, self->pid }, "open window", "%d: %s", window,
              self->arguments[0]);
    return window;
}

int toy_window_open(struct toy_process *self, const struct toy_place *place, int segment)
{
    struct toy_call call = toy_call_begin(self, "window_ops");
    return toy_call_end(&call, open_window(self, place, segment), "open %dx%d", place->width, place->height);
}

int toy_window_present(struct toy_process *self, int window)
{
    struct toy_call call = toy_call_begin(self, "window_ops");
    struct toy_window *mine = window_of(self, window);
    if (mine)
        mine->damaged = true;
    return toy_call_end(&call, mine ? 0 : TOY_EINVAL, "present %d", window);
}

int toy_window_close(struct toy_process *self, int window)
{
    struct toy_call call = toy_call_begin(self, "window_ops");
    struct toy_window *mine = window_of(self, window);
    if (!mine)
        return toy_call_end(&call, TOY_EINVAL, "close %d", window);
    close_window(self->kernel, mine);
    return toy_call_end(&call, 0, "close %d", window);
}
