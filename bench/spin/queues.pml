/*
 * Two submission queues on one completion queue with shadow doorbells: the reference pair of src/driver and
 * src/controller again, in Promela. One proctype stands for one process, one d_step for one step of ours, with the
 * same guard, and the labels are ours. Where a step of ours goes on at one of two places it is two d_steps with
 * guards that exclude each other, so that the place is a control state and no variable. Register writes are trapped
 * and synchronous (`reference/trapped`): a ring and what the controller's registers do about it are one step.
 *
 * What bring-up fixes is fixed here: both rings live, phase 1, every word 0, all in shadow mode. What the decisions
 * of this scope never reach is left out: a poster that waits for room (a slot is reserved before the fetch), a
 * masked vector, batches, errors, and what is always the same in an entry (opcode, namespace, status).
 *
 * Set with -D: SIZE, the slots of each ring; READS0 and READS1, the commands of the two threads; POOL, the commands
 * that the controller can hold. BUG_… seeds a bug; scopes.ts names the decision of ours that is the same bug.
 */
#if POOL < SIZE - 1
#error the guard of fetch relies on a free command wherever there is room
#endif
#define SQS 2
#define READS(q) (q == 0 -> READS0 : READS1)
#define ALL_TAGS ((1 << (SIZE - 1)) - 1)

#define NEXT(slot) (slot + 1 == SIZE -> 0 : slot + 1)
#define DISTANCE(from, to) (to >= from -> to - from : to - from + SIZE)
/* The strict formula of B.5.1, on 16 bits, as src/spec/wakeup.ts has it. */
#define RINGS(old, now, eventIdx) (((now - (eventIdx) - 1) & 65535) < ((now - old) & 65535))

/* Host memory: entries and the doorbell pages. What nobody may read again is zeroed; ours takes it out of the hash. */
typedef Submission { byte cid[SIZE] }
typedef Completion { byte sqid; byte cid; byte sqhd; bit phase }
Submission sqe[SQS];
Completion cqe[SIZE];
byte shadowTail[SQS], tailEventIdx[SQS];
byte shadowHead, headEventIdx;

/* The host: src/driver/host.ts and rings.ts. */
byte written[SQS], tail[SQS], publishedTail[SQS], tags[SQS];
byte head, publishedHead;
bit secondPassOfHost;
bit latched;

/* The controller: src/controller/queues.ts and command.ts. */
byte fetched[SQS], seenTail[SQS];
bit awake[SQS], parked[SQS];
byte seenHead, posted, reserved;
bit secondPass;
bit interruptWanted;
#define FREE 0
#define EXECUTING 1
#define DONE 2
typedef Command { byte stage; byte sqid; byte cid }
Command command[POOL];
byte finished; /* how many are DONE: what `stage` says already, for a quick guard */

hidden byte i; /* scratch of one step */

#define OCCUPIED DISTANCE(seenHead, posted)
#define HAS_ROOM (OCCUPIED + reserved < SIZE - 1)
#define HAS_ENTRY (cqe[head].phase != secondPassOfHost)

inline wakeWaiters() {
  parked[0] = 0;
  parked[1] = 0
}

inline readHead() {
  if
  :: shadowHead != seenHead && DISTANCE(seenHead, shadowHead) <= OCCUPIED ->
    seenHead = shadowHead;
    wakeWaiters()
  :: else
  fi
}

/* src/driver/submitter.ts; the lock of the queue is where the program stands. */
#define Q _pid
active [SQS] proctype Submitter() {
#ifdef BUG_NO_FENCE
  byte early;
#endif
writeEntry:
  if
  :: d_step {
      written[Q] < READS(Q) && tags[Q] != ALL_TAGS ->
      i = 0;
      do
      :: tags[Q] & (1 << i) -> i++
      :: else -> break
      od;
      tags[Q] = tags[Q] | (1 << i);
      sqe[Q].cid[tail[Q]] = i;
      tail[Q] = NEXT(tail[Q]);
      written[Q]++
    }
  fi;
storeShadow:
#ifdef BUG_NO_FENCE
  if
  :: early = tailEventIdx[Q] + 1; goto storeShadowLate
  :: shadowTail[Q] = tail[Q]
  fi;
#else
  shadowTail[Q] = tail[Q];
#endif
loadEventIdx:
  if
  :: RINGS(publishedTail[Q], tail[Q], tailEventIdx[Q]) -> goto ring
  :: d_step { !RINGS(publishedTail[Q], tail[Q], tailEventIdx[Q]) -> publishedTail[Q] = tail[Q] }; goto writeEntry
  fi;
#ifdef BUG_NO_FENCE
storeShadowLate:
  if
  :: d_step { RINGS(publishedTail[Q], tail[Q], early - 1) -> shadowTail[Q] = tail[Q]; early = 0 }; goto ring
  :: d_step {
      !RINGS(publishedTail[Q], tail[Q], early - 1) ->
      shadowTail[Q] = tail[Q];
      early = 0;
      publishedTail[Q] = tail[Q]
    };
    goto writeEntry
  fi;
#endif
ring:
  if
  :: d_step {
      publishedTail[Q] = tail[Q];
      awake[Q] = 1 /* src/controller/controller.ts: a kick, whatever the value */
    }
  fi;
  goto writeEntry
}
#undef Q

/* src/controller/fetcher.ts */
#define Q (_pid - SQS)
inline take() {
  /* SQ-TAIL-RANGE and the like: only what the host announced is fetched. */
  assert(DISTANCE(fetched[Q], shadowTail[Q]) > 0);
  i = 0;
  do
  :: command[i].stage != FREE -> i++
  :: else -> break
  od;
  command[i].stage = EXECUTING;
  command[i].sqid = Q + 1;
  command[i].cid = sqe[Q].cid[fetched[Q]];
  sqe[Q].cid[fetched[Q]] = 0;
  fetched[Q] = NEXT(fetched[Q]);
  reserved++
}

active [SQS] proctype Fetcher() {
lookAtTail:
  if
  :: d_step { awake[Q] && shadowTail[Q] != fetched[Q] -> awake[Q] = 0; seenTail[Q] = shadowTail[Q] }; goto fetch
  :: d_step { awake[Q] && shadowTail[Q] == fetched[Q] -> awake[Q] = 0; seenTail[Q] = shadowTail[Q] };
#ifdef BUG_TAIL_EVENTIDX_NEVER_WRITTEN
    goto lookAtTail
#endif
  fi;
#ifndef BUG_TAIL_EVENTIDX_NEVER_WRITTEN
storeEventIdx:
  tailEventIdx[Q] = fetched[Q];
#ifdef BUG_NO_TAIL_REREAD
  goto lookAtTail;
#endif
#endif
lookAgain:
  if
  :: d_step { shadowTail[Q] != fetched[Q] -> seenTail[Q] = shadowTail[Q] }
  :: d_step { shadowTail[Q] == fetched[Q] -> seenTail[Q] = shadowTail[Q] }; goto lookAtTail
  fi;
fetch:
  if
  :: d_step { HAS_ROOM && NEXT(fetched[Q]) != seenTail[Q] -> take() }; goto fetch
  :: d_step {
      HAS_ROOM && NEXT(fetched[Q]) == seenTail[Q] ->
      take();
      awake[Q] = 1 /* nobody may have rung for what came meanwhile: look again */
    };
    goto lookAtTail
  :: d_step { !HAS_ROOM -> parked[Q] = 1 }
#if defined(BUG_HEAD_EVENTIDX_NEVER_WRITTEN) || defined(BUG_HEAD_EVENTIDX_IS_TAIL)
    ; goto waits
#endif
  fi;
storeCqEventIdx:
  headEventIdx = seenHead;
#ifdef BUG_NO_HEAD_REREAD
  goto waits;
#endif
readShadowHead:
  d_step {
    readHead();
    if
    :: HAS_ROOM -> parked[Q] = 0
    :: else
    fi
  };
waits:
  if
  :: d_step { !parked[Q] -> readHead() }
  fi;
  goto fetch
}
#undef Q

/* src/controller/executor.ts: a process for each command that the controller can hold. */
#define SLOT (_pid - 2 * SQS)
active [POOL] proctype Executor() {
  do
  :: d_step { command[SLOT].stage == EXECUTING -> command[SLOT].stage = DONE; finished++ }
  od
}
#undef SLOT

/* src/controller/poster.ts */
active proctype Poster() {
  do
  :: d_step {
      finished > 0 ->
      i = 0;
      do
      :: command[i].stage != DONE -> i++
      :: else -> break
      od;
      assert(DISTANCE(shadowHead, posted) < SIZE - 1); /* CQ-FULL-NO-POST */
      cqe[posted].sqid = command[i].sqid;
      cqe[posted].cid = command[i].cid;
      cqe[posted].sqhd = fetched[command[i].sqid - 1];
#ifdef BUG_PHASE_CONSTANT
      cqe[posted].phase = 1;
#else
      cqe[posted].phase = !secondPass;
#endif
      assert(cqe[posted].phase == !secondPass); /* PHASE-EXPECTED */
      posted = NEXT(posted);
      if
      :: posted == 0 -> secondPass = !secondPass
      :: else
      fi;
      command[i].stage = FREE;
      command[i].sqid = 0;
      command[i].cid = 0;
      finished--;
      reserved--;
#ifdef BUG_HEAD_EVENTIDX_IS_TAIL
      headEventIdx = posted;
#endif
#ifndef BUG_NO_INTERRUPT
      interruptWanted = 1
#endif
    }
  od
}

/*
 * src/controller/interrupter.ts. Beside it what is owed when nothing can move, which our judge says (src/rules/stall.ts):
 * every command written, every tag free again, nothing left in the completion queue, every move of an index published.
 */
active proctype Interrupter() {
  do
  :: d_step { interruptWanted -> interruptWanted = 0; latched = 1 }
  :: d_step {
      timeout ->
      assert(written[0] == READS0 && written[1] == READS1 && tags[0] == 0 && tags[1] == 0);
      assert(shadowHead == posted && head == posted)
    }
  od
}

/* src/driver/completer.ts */
inline storeShadowHead() {
  i = shadowHead;
  do
  :: i != head ->
    cqe[i].sqid = 0;
    cqe[i].cid = 0;
    cqe[i].sqhd = 0;
    i = NEXT(i)
  :: else -> break
  od;
  shadowHead = head
}

active proctype Handler() {
  byte sqid, cid, sqhd;
#ifdef BUG_NO_FENCE
  byte early;
#endif
sleep:
  if
  :: d_step { latched -> latched = 0 }
  fi;
look:
  if
  :: d_step {
      HAS_ENTRY ->
      assert(cqe[head].sqid > 0); /* a slot that holds no new entry */
      sqid = cqe[head].sqid;
      cid = cqe[head].cid;
      sqhd = cqe[head].sqhd;
      head = NEXT(head);
      if
      :: head == 0 -> secondPassOfHost = !secondPassOfHost
      :: else
      fi
    }
  :: !HAS_ENTRY && head != publishedHead -> goto storeShadow
  :: !HAS_ENTRY && head == publishedHead -> goto sleep
  fi;
complete:
  d_step {
    assert(tags[sqid - 1] & (1 << cid)); /* CID-KNOWN: the command was outstanding */
    tags[sqid - 1] = tags[sqid - 1] & ~(1 << cid);
    sqid = 0;
    cid = 0;
    sqhd = 0
  };
  goto look;
storeShadow:
#ifdef BUG_NO_FENCE
  if
  :: early = headEventIdx + 1; goto storeShadowLate
  :: d_step { true -> storeShadowHead() }
  fi;
#else
  if
  :: d_step { true -> storeShadowHead() }
  fi;
#endif
loadEventIdx:
  if
  :: RINGS(publishedHead, head, headEventIdx) -> goto ring
  :: d_step { !RINGS(publishedHead, head, headEventIdx) -> publishedHead = head }; goto sleep
  fi;
#ifdef BUG_NO_FENCE
storeShadowLate:
  if
  :: d_step { RINGS(publishedHead, head, early - 1) -> storeShadowHead(); early = 0 }; goto ring
  :: d_step {
      !RINGS(publishedHead, head, early - 1) ->
      storeShadowHead();
      early = 0;
      publishedHead = head
    };
    goto sleep
  fi;
#endif
ring:
  if
  :: d_step {
      publishedHead = head;
#ifndef BUG_HEAD_WAKES_NOBODY
      wakeWaiters() /* src/controller/controller.ts */
#endif
    }
  fi;
  goto sleep
}
