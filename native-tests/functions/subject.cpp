// A C++ program whose number of calls is known: exceptions that pass functions with and without destructors, are
// rethrown and leave a constructor; lambdas, templates, virtual functions; threads. Its output is the same however it
// was built.
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace shop {

static int destroyed;

struct guard {
    ~guard() { destroyed++; }
};

__attribute__((noinline)) int divide(int value, int by)
{
    if (by == 0)
        throw std::runtime_error("by nothing");
    return value / by;
}

__attribute__((noinline)) int plain(int value, int by)
{
    return divide(value, by) + 1;
}

__attribute__((noinline)) int guarded(int value, int by)
{
    guard held;
    return plain(value, by) + 1;
}

__attribute__((noinline)) int again(int value, int by)
{
    try {
        return guarded(value, by);
    } catch (const std::logic_error &) {
        return -2;
    } catch (...) {
        destroyed++;
        throw;
    }
}

__attribute__((noinline)) int caught(int value, int by)
{
    try {
        return again(value, by);
    } catch (const std::exception &error) {
        return error.what()[0] == 'b' ? -1 : -3;
    }
}

__attribute__((noinline)) int after(int value)
{
    volatile char room[300];
    room[value % 300] = 1;
    return room[value % 300];
}

struct shape {
    virtual ~shape() = default;
    virtual int area() const = 0;
};

template <int Side> struct square : shape {
    int area() const override { return Side * Side; }
};

struct faulty {
    guard held;
    faulty() { divide(1, 0); }
};

static int run(int rounds)
{
    int sum = 0;
    for (int i = 0; i < rounds; i++) {
        sum += caught(i, i % 3);
        sum += after(i);
        try {
            faulty never;
            sum += 1000;
        } catch (const std::runtime_error &) {
            sum++;
        }
    }
    std::unique_ptr<shape> shapes[] = { std::make_unique<square<2>>(), std::make_unique<square<3>>() };
    for (const auto &each : shapes)
        sum += each->area();
    return sum;
}

} // namespace shop

int main()
{
    std::vector<std::thread> threads;
    int sums[4] = {};
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&sums, i] { sums[i] = shop::run(20 + i); });
    for (auto &each : threads)
        each.join();
    std::printf("%d %d %d %d\n", sums[0], sums[1], sums[2], sums[3]);
    return 0;
}
