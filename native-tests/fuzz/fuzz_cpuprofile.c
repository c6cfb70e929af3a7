/* CPU profiles of V8, which exercise the JSON walker. */
#include "door.h"
#include "timeline/import/cpuprofile.h"

static const char sample[] =
    "\x07{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\",\"url\":\"\"},\"children\":[2,3]},"
    "{\"id\":2,\"callFrame\":{\"functionName\":\"g\\u0041\",\"url\":\"file:///a/b.js\"},\"children\":[3]},"
    "{\"id\":3,\"callFrame\":{},\"parent\":2}],\"startTime\":1700000000000000,\"endTime\":\"5\","
    "\"samples\":[3,2,3,1,9],\"timeDeltas\":[0.5,1,-1,1.25,7]}";

FUZZ_DOOR(cpuprofile_door, sample)
