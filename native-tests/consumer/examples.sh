#!/bin/sh
# Every C example of README.md, of the pages beside it and of the header's first comment compiles, and the complete
# programs among them run: examples.sh README HEADER LIBRARY WORK-DIRECTORY.
set -eu

readme=$1
header=$2
library=$3
work=$4
rm -rf "$work"
mkdir -p "$work"
cp "$header" "$work/"

# Each block "```c" becomes a file; one without a main() becomes the body of a function.
awk -v work="$work" '
    /^```c( |$)/ { number++; inside = 1; next }
    /^```/ { inside = 0 }
    inside { print > (work "/example" number ".c") }
' "$readme" "$(dirname "$readme")"/docs/recipes/*.md "$(dirname "$readme")"/web/README.md
sed '/^ \*\/$/q' "$header" | sed -n 's/^ \*     //p' >"$work/header.c"

compiled=0
for example in "$work"/example*.c "$work/header.c"; do
    if ! grep -q 'main(' "$example"; then
        { printf '#include <ringscope.h>\nvoid load_config(void);\nvoid example(void)\n{\n'; cat "$example"; echo '}'; } \
            >"$example.c"
        gcc -Wall -Wextra -Werror -I"$work" -c -o "$work/object.o" "$example.c"
    else
        gcc -Wall -Wextra -Werror -I"$work" -o "${example%.c}" "$example" "$library" -lcjson -lm -pthread
        (cd "$work" && "${example%.c}" >"${example%.c}.out")
        # Anyone who copies an example copies its leaks.
        gcc -fsanitize=address -I"$work" -o "${example%.c}.leaks" "$example" "$library" -lcjson -lm -pthread
        (cd "$work" && "${example%.c}.leaks" >"${example%.c}.out")
    fi
    compiled=$((compiled + 1))
done
large=$(find "$work" -name '*.ring' -size +16M)
if [ -n "$large" ]; then
    echo "an example makes a file of more than 16 MB: $large"
    exit 1
fi
echo "$compiled examples compile"
[ $compiled -ge 4 ]
