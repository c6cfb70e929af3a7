/* Folded stacks. */
#include "door.h"
#include "timeline/import/folded.h"

static const char sample[] = "\x07main;a b;c 3\nmain;a b 2\n# comment\nmain;d 1.6\n;;x; 900000000000000000\nother 4\n";

FUZZ_DOOR(folded_door, sample)
