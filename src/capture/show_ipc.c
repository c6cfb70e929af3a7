/* Shows arguments of calls about message queues, semaphores and shared memory; see show.h. */
#include <mqueue.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "show.h"

/* "{O_NONBLOCK, 2 of 10 messages of 8192 bytes}"; a new queue has none yet. */
void show_queue(struct shown *shown, unsigned index)
{
    const struct mq_attr *attr = shown_struct(shown, index, 4 * sizeof(long));
    if (!attr)
        return;
    detail_add(shown->detail, "{");
    if (attr->mq_flags) {
        add_words_of(shown->detail, "fd_make", (uint32_t)attr->mq_flags);
        detail_add(shown->detail, ", ");
    }
    detail_format(shown->detail, "%ld of %ld messages of %ld bytes}", attr->mq_curmsgs, attr->mq_maxmsg,
                  attr->mq_msgsize);
}

void show_message_type(struct shown *shown, unsigned index)
{
    const long *type = shown_struct(shown, index, sizeof *type);
    if (type)
        detail_format(shown->detail, "type %ld", *type);
}

/* "[0 -1 SEM_UNDO, 1 +1]": the number of each semaphore and what is added to it. */
void show_semaphores(struct shown *shown, unsigned index)
{
    const struct memory_piece *piece = shown_piece(shown, index, PART_WHOLE, false);
    if (!piece || piece->flags & PIECE_UNREAD)
        return;
    detail_add(shown->detail, "[");
    for (unsigned i = 0; (i + 1) * sizeof(struct sembuf) <= piece->bytes; i++) {
        struct sembuf operation;
        memcpy(&operation, piece_bytes(piece) + i * sizeof operation, sizeof operation);
        detail_format(shown->detail, operation.sem_op ? "%s%u %+d" : "%s%u %d", i ? ", " : "", operation.sem_num,
                      operation.sem_op);
        if (operation.sem_flg) {
            detail_add(shown->detail, " ");
            add_words_of(shown->detail, "sem_flags", (unsigned short)operation.sem_flg);
        }
    }
    detail_add(shown->detail, piece->flags & PIECE_CUT ? ", ...]" : "]");
}

/* What is known of shared memory, if that was asked for. */
void show_shared_memory(struct shown *shown, unsigned index)
{
    const struct shmid_ds *shared = shown_struct(shown, index, sizeof *shared);
    if (!shared || as_int(shown->event->args[index - 1]) != IPC_STAT) {
        show_address(shown, index);
        return;
    }
    detail_format(shown->detail, "{uid %u, gid %u, 0%o, %zu bytes, made by pid %d, last used by %d, attached %lu}",
                  shared->shm_perm.uid, shared->shm_perm.gid, shared->shm_perm.mode & 0777u, shared->shm_segsz,
                  shared->shm_cpid, shared->shm_lpid, (unsigned long)shared->shm_nattch);
}
