# The blocks of a Markdown file that belong to one test: awk -v test=NAME -v folder=FOLDER -f blocks.awk FILE. "```c
# test=NAME file=app.c" becomes FOLDER/app.c, "```sh test=NAME" FOLDER/commands, one command per line.
/^```/ {
    if (output != "") {
        close(output)
        output = ""
    } else if (!inside && $0 " " ~ " test=" test " ") {
        output = folder "/commands"
        for (i = 2; i <= NF; i++)
            if ($i ~ /^file=/)
                output = folder "/" substr($i, 6)
    }
    inside = !inside
    next
}
output != "" { print > output }
