// Throws through its own functions.
#include <stdexcept>

extern "C" int t_throws(int number);
extern "C" int t_throws(int number)
{
    if (number)
        throw std::runtime_error("thrown");
    return 0;
}

int main()
{
    int caught = 0;
    for (int i = 0; i < 3; i++) {
        try {
            t_throws(i);
        } catch (const std::exception &) {
            caught++;
        }
    }
    return caught;
}
