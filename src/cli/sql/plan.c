/* Plans scans. */
#include "plan.h"

struct planned {
    enum sql_column column;
    unsigned char operator;
    char letter;
    double share; /* of the events, about, that pass */
};

static const struct planned known[] = {
    { SQL_ID, SQLITE_INDEX_CONSTRAINT_EQ, 'i', 0 },        { SQL_START, SQLITE_INDEX_CONSTRAINT_EQ, '=', 0.001 },
    { SQL_START, SQLITE_INDEX_CONSTRAINT_GT, '>', 0.3 },   { SQL_START, SQLITE_INDEX_CONSTRAINT_GE, '>', 0.3 },
    { SQL_START, SQLITE_INDEX_CONSTRAINT_LT, '<', 0.3 },   { SQL_START, SQLITE_INDEX_CONSTRAINT_LE, '<', 0.3 },
    { SQL_NAME, SQLITE_INDEX_CONSTRAINT_EQ, 'n', 0.02 },   { SQL_CATEGORY, SQLITE_INDEX_CONSTRAINT_EQ, 'c', 0.2 },
    { SQL_PROCESS, SQLITE_INDEX_CONSTRAINT_EQ, 'P', 0.2 }, { SQL_PID, SQLITE_INDEX_CONSTRAINT_EQ, 'p', 0.2 },
    { SQL_THREAD, SQLITE_INDEX_CONSTRAINT_EQ, 'T', 0.1 },  { SQL_TID, SQLITE_INDEX_CONSTRAINT_EQ, 't', 0.1 },
    { SQL_TRACK, SQLITE_INDEX_CONSTRAINT_EQ, 'k', 0.1 },
};

static const struct planned *find_known(enum sql_column column, unsigned char operator)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].column == column && known[i].operator== operator)
            return &known[i];
    return NULL;
}

static enum sql_column column_of(const enum sql_column *columns, int number)
{
    return number < 0 ? SQL_ID : columns[number];
}

/* Whether rows in the order of their names are what is asked for, be it only to group them. */
static bool wants_names_in_order(const enum sql_column *columns, const sqlite3_index_info *info)
{
    return info->nOrderBy == 1 && !info->aOrderBy[0].desc && column_of(columns, info->aOrderBy[0].iColumn) == SQL_NAME;
}

/* Whether no column but the name is asked for. */
static bool uses_names_only(const enum sql_column *columns, uint64_t used)
{
    for (int i = 0; i < 64; i++)
        if (used >> i & 1 && columns[i] != SQL_NAME)
            return false;
    return true;
}

static char order_of(const struct sql_scan *scan, const sqlite3_index_info *info, bool limited)
{
    const bool all = !limited && !scan->spans_only;
    if (all && (info->orderByConsumed || !info->colUsed) && uses_names_only(scan->columns, info->colUsed))
        return SCAN_COUNTS_ONLY;
    return info->orderByConsumed ? SCAN_BY_NAME : SCAN_BY_TIME;
}

int scan_plan(const struct sql_scan *scan, sqlite3_index_info *info)
{
    const enum sql_column *columns = scan->columns;
    double share = 1;
    char *plan = sqlite3_malloc(info->nConstraint + 2);
    int used = 1;
    if (!plan)
        return SQLITE_NOMEM;
    info->orderByConsumed = wants_names_in_order(columns, info);
    for (int i = 0; i < info->nConstraint; i++) {
        const struct planned *as =
            find_known(column_of(columns, info->aConstraint[i].iColumn), info->aConstraint[i].op);
        /* NOCASE and the like take more than what is equal byte by byte. */
        if (!as || !info->aConstraint[i].usable || sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY") != 0)
            continue;
        plan[used] = as->letter;
        info->aConstraintUsage[i].argvIndex = used++;
        share *= as->share;
        if (as->letter == 'i')
            info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    }
    plan[0] = order_of(scan, info, used > 1);
    plan[used] = '\0';
    info->idxStr = plan;
    info->needToFreeIdxStr = 1;
    info->estimatedCost = share * (double)scan->trace->about + 1;
    info->estimatedRows = (sqlite3_int64)info->estimatedCost;
    return SQLITE_OK;
}
