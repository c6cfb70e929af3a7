/* Programs with a window: a bouncing ball, and a clock that also shows the number of bounces. */
#include <stdio.h>
#include <string.h>

#include "toy_programs.h"

#define BALL_WIDTH 48
#define BALL_HEIGHT 14
#define BALL_MS 33
#define CLOCK_WIDTH 24
#define CLOCK_HEIGHT 3
#define CLOCK_MS 250

struct window {
    int segment, window, timer;
    bool opened;
};

static void open_window(struct toy_process *self, struct window *window, const struct toy_place *place,
                        uint32_t period_ms)
{
    window->segment = toy_shm_open(self, toy_argument(self, 0), place->width * place->height);
    window->window = toy_window_open(self, place, window->segment);
    window->timer = toy_timer_set(self, period_ms, period_ms);
    window->opened = true;
}

static void show(struct toy_process *self, const struct window *window, const char *cells, int size)
{
    toy_shm_write(self, window->segment, cells, size);
    toy_window_present(self, window->window);
}

static void close_window(struct toy_process *self, const struct window *window)
{
    toy_timer_cancel(self, window->timer);
    toy_window_close(self, window->window);
    toy_shm_close(self, window->segment);
}

/* -------------------------------------------------------------------- ball */

struct ball {
    struct window window;
    int x, y, dx, dy;
    int bounces, score; /* score: the segment that the clock reads */
    char look;
};

static void ball_begin(struct toy_process *self, struct ball *ball)
{
    static const struct toy_place place = { 2, 2, BALL_WIDTH, BALL_HEIGHT };
    open_window(self, &ball->window, &place, BALL_MS);
    ball->score = toy_shm_open(self, "score", sizeof ball->bounces);
    ball->x = (int)toy_random(self, BALL_WIDTH);
    ball->y = (int)toy_random(self, BALL_HEIGHT);
    ball->dx = ball->dy = 1;
    ball->look = 'o';
    toy_signal_catch(self, TOY_SIGUSR1);
    toy_signal_catch(self, TOY_SIGTERM);
    int file = toy_open(self, "/tmp/ball.pid", TOY_WRITE);
    toy_say(self, file, "%d\n", toy_getpid(self));
    toy_close(self, file);
}

/* Moves one step along one axis; returns whether the direction changed. */
static bool advance(int *at, int *by, int limit)
{
    bool turns = *at + *by < 0 || *at + *by >= limit;
    if (turns)
        *by = -*by;
    *at += *by;
    return turns;
}

static void ball_draw(struct toy_process *self, struct ball *ball)
{
    char cells[BALL_HEIGHT * BALL_WIDTH];
    int bounces = ball->bounces;
    ball->bounces += advance(&ball->x, &ball->dx, BALL_WIDTH);
    ball->bounces += advance(&ball->y, &ball->dy, BALL_HEIGHT);
    if (ball->bounces != bounces) {
        toy_shm_write(self, ball->score, &ball->bounces, sizeof ball->bounces);
        toy_mark(self, "bounce", ball->look == 'o' ? "small" : "large");
    }
    memset(cells, '.', sizeof cells);
    cells[ball->y * BALL_WIDTH + ball->x] = ball->look;
    toy_compute(self, "render", 1500 + toy_random(self, 1500));
    show(self, &ball->window, cells, sizeof cells);
}

TOY_PROGRAM(ball, struct ball)
{
    if (!state->window.opened)
        ball_begin(self, state);
    int fired = toy_timer_wait(self, state->window.timer);
    if (fired > 0) {
        ball_draw(self, state);
        toy_timer_wait(self, state->window.timer);
        return;
    }
    int signal = fired == 0 ? toy_signal_take(self) : 0;
    if (signal == TOY_SIGUSR1)
        state->look = state->look == 'o' ? 'O' : 'o';
    if (signal != TOY_SIGTERM)
        return;
    close_window(self, &state->window);
    toy_say(self, 2, "ball: bounced %d times\n", state->bounces);
    toy_exit(self, 0);
}

/* ------------------------------------------------------------------- clock */

struct face {
    struct window window;
    int score;
    int quarters;
};

static void clock_draw(struct toy_process *self, struct face *face)
{
    char cells[CLOCK_WIDTH * CLOCK_HEIGHT], text[CLOCK_WIDTH + 1];
    int bounces = 0;
    toy_shm_read(self, face->score, &bounces, sizeof bounces);
    face->quarters++;
    int length = snprintf(text, sizeof text, "%3d.%02d s %4d bounces", face->quarters / 4 % 1000,
                          face->quarters % 4 * 25, bounces % 10000);
    memset(cells, ' ', sizeof cells);
    if (length > 0 && length <= CLOCK_WIDTH)
        memcpy(cells + CLOCK_WIDTH, text, (size_t)length); /* the row in the middle */
    toy_compute(self, "render", 600);
    show(self, &face->window, cells, sizeof cells);
}

/* Catches no signals, so the kernel cleans up when one ends it. */
TOY_PROGRAM(clock, struct face)
{
    static const struct toy_place place = { 60, 2, CLOCK_WIDTH, CLOCK_HEIGHT };
    if (!state->window.opened) {
        open_window(self, &state->window, &place, CLOCK_MS);
        state->score = toy_shm_open(self, "score", sizeof(int));
    }
    if (toy_timer_wait(self, state->window.timer) <= 0)
        return;
    clock_draw(self, state);
    toy_timer_wait(self, state->window.timer);
}
