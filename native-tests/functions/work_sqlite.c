/* Work for SQLite whose calls are the same in each run: rows, an index, a query, an error. */
#include <stdio.h>

#include "sqlite3.h"

static void run(sqlite3 *database, const char *text)
{
    char *error = NULL;
    if (sqlite3_exec(database, text, NULL, NULL, &error) != SQLITE_OK)
        printf("%s\n", error);
    sqlite3_free(error);
}

static void print_rows(sqlite3 *database, const char *query)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, query, -1, &statement, NULL) != SQLITE_OK)
        return;
    while (sqlite3_step(statement) == SQLITE_ROW)
        printf("%s %d\n", (const char *)sqlite3_column_text(statement, 0), sqlite3_column_int(statement, 1));
    sqlite3_finalize(statement);
}

int main(void)
{
    sqlite3 *database;
    if (sqlite3_open(":memory:", &database) != SQLITE_OK)
        return 1;
    run(database, "create table t(a integer primary key, b text); create index i on t(b)");
    run(database, "with recursive n(x) as (select 1 union all select x + 1 from n where x < 300) "
                  "insert into t select x, 'row ' || (x * 7 % 100) from n");
    run(database, "select * from nothing");
    print_rows(database, "select b, count(*) from t where b like 'row 1%' group by b order by 2 desc, b");
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
