/* JSON that is not a trace, which gets an error with its name. */
#include "door.h"
#include "timeline/import/other_json.h"

static const char sample[] =
    "\x07{\"name\":\"x\",\"version\":\"1.0.0\",\"a\":{\"traceEvents\":[]},\"b\":[1,{\"ph\":2}],"
    "\"c\\u0041\":\"d\",\"log\":null,\"head\":{},\"samples\":[],\"startTime\":1}";

FUZZ_DOOR(other_json_door, sample)
