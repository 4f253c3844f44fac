/*
 * The protocol of docs/money.md: lease, hold, journal, settlement, crash and takeover. Two nodes, two calls, one
 * crash, one outage of the database, in every interleaving. `proof/run` explores it.
 *
 * The nodes are alike, so what befalls befalls node 0 (it crashes, gives up on statements, outlives its life), and node 1
 * is the one that wants the same money meanwhile and takes over.
 *
 * A transaction is one atomic step of the server, between two others: its statement's way there and its answer's way back.
 * During the outage whoever waits may give up; the statement is then lost, or stays in the server and is carried out later
 * (a frozen server does that), or was carried out and only its answer is lost.
 *
 * Each -DMISTAKE=n plants one mistake; `proof/run` expects a violation for each.
 */

#ifndef MISTAKE
#define MISTAKE 0
#endif
#define ANSWER_FIRST     1 /* the end of the answer goes out before the record is written */
#define RELEASE_FIRST    2 /* a start releases the old leases before it books the journal */
#define NO_UNIQUE_ROW    3 /* booking does not look whether a generation is booked */
#define ADVANCE_FIRST    4 /* the journal is advanced before the commit */
#define GONE_UNHEARD     5 /* a lease that is gone after a lost hand-back is taken for unchanged */
#define NO_VERSION       6 /* a hand-back that comes late is carried out */
#define RELEASE_ANY_LIFE 7 /* a release of an earlier life that comes late takes what the present one has leased */
#define NO_GRACE         8 /* a node is taken over while it may still draw on its leases */
#define RAISE_EXPIRED    9 /* a hold is raised although the node's life is over */
#define TAKE_ANY_EPOCH  10 /* a take does not look at the node's epoch */
#define PURSE_FORGETS   11 /* a purse does not count a cost that is not booked yet */
#define ROW_DROPPED     12 /* a hand-back that was not carried out deletes the empty lease that a lost flush left */

#define GRANTED 2 /* what the account has; a call holds 1, and one may raise to 2 */

#define CALLS 2
#ifndef MOST_TAKES
#define MOST_TAKES 1   /* of one call */
#endif
#ifndef MOST_RETURNS
#define MOST_RETURNS 1 /* hand-backs of one node while calls run */
#endif
#ifndef MOST_LATE
#define MOST_LATE 1    /* statements that nobody waits for any more and that are carried out nevertheless */
#endif

/* Statements: one slot for each thread that asks, and one behind it for what it gave up on. */
#define NONE     0
#define TAKE     1
#define RETURN   2
#define FLUSH    3
#define RESYNC   4
#define RELEASE  5
#define KEEPER(n) (n)
#define CALLER(c) (2 + (c))
#define LATE(s)   (4 + (s))

byte kind[8], node_of[8], x[8], y[8], ep_of[8];
bool done[4], fine[4];
byte r_amount[4], r_version[4];

/* The database. */
bool db = true;
byte spent, leased;
bool there[2];             /* the row of a node's lease */
byte amount[2], version[2], lease_epoch[2];
byte epoch[2];
byte charged[CALLS];

/* Disks. */
bool record[CALLS], advanced[CALLS];
byte cost[CALLS];

/* What clients saw. */
bool seen[CALLS];

/* A node's memory: its life and its purse. */
bool up[2], usable[2], dead[2], crash, reborn;
byte my_epoch[2];
short p_leased[2], p_held[2], p_pending[2], p_returning[2];
byte p_version[2], returns[2];
bool unsure[2];
byte late;
bool keeper_done[2];

byte at[CALLS], hold[CALLS];
bool lost[CALLS], over[CALLS], earlier_life[CALLS];
byte slack[CALLS]; /* what a call held, or cost and was not charged, when its node was taken over alive: so much may be beyond the credit */

#define free(n) (p_leased[n] - p_held[n] - p_pending[n] - p_returning[n])
#define available (GRANTED - spent - leased)
#define draws(c) (record[c] -> cost[c] : hold[c])
#define of(c) (draws(c) > slack[c] -> draws(c) - slack[c] : 0)
#define fenced (up[0] && epoch[0] != my_epoch[0])

/* What is in the journal and not advanced over. */
#define waits(c, n) (at[c] == n && record[c] && !advanced[c])
#define to_book(n) ((waits(0, n) -> 1 : 0) + (waits(1, n) -> 2 : 0))

/* What must always be true. */
#define INVARIANT ( \
     leased == amount[0] + amount[1]                                   /* leases agree with the budget */ \
  && charged[0] <= 1 && charged[1] <= 1                                /* one row, one charge */ \
  && (!charged[0] || record[0]) && (!charged[1] || record[1])          /* nothing is charged that did not end */ \
  && (!seen[0] || charged[0] || (record[0] && !advanced[0]))           /* what a client saw whole is charged, or will be */ \
  && (!seen[1] || charged[1] || (record[1] && !advanced[1])) \
  && spent == charged[0] * cost[0] + charged[1] * cost[1]              /* balance = replay */ \
  && of(0) + of(1) <= GRANTED                                          /* holds and charges stay within the credit */ \
  && (!fenced || at[0] != 0 || charged[0] || draws(0) <= slack[0])     /* until it lives anew it draws no more */ \
  && (!fenced || at[1] != 0 || charged[1] || draws(1) <= slack[1]) \
  && spent + leased <= GRANTED + slack[0] + slack[1] )

/* Asking the database ----------------------------------------------------------------------------------------------- */

inline send(s, k, n, a, b, e) { kind[s] = k; node_of[s] = n; x[s] = a; y[s] = b; ep_of[s] = e; done[s] = false }

/* Only the order of versions matters: with nothing under way they start again, which keeps the states few. */
#define under_way(n, s) (kind[s] && node_of[s] == n)
#define nothing_under_way(n) (!under_way(n, 0) && !under_way(n, 1) && !under_way(n, 2) && !under_way(n, 3) \
  && !under_way(n, 4) && !under_way(n, 5) && !under_way(n, 6) && !under_way(n, 7))

inline tidy(n) {
  if
  :: nothing_under_way(n) -> if :: p_version[n] == version[n] -> version[n] = 0 :: else -> version[n] = 1 fi; p_version[n] = 0
  :: else
  fi
}

inline forget(s) {
  kind[s] = NONE; x[s] = 0; y[s] = 0; ep_of[s] = 0;
  done[s] = false; fine[s] = false; r_amount[s] = 0; r_version[s] = 0;
  tidy(node_of[s]);
  node_of[s] = 0
}

/* The statement was lost on the way, or is carried out later, or was carried out and nobody heard. */
inline give_up(s) {
  if
  :: kind[s] != NONE && !done[s] && late < MOST_LATE && kind[LATE(s)] == NONE ->
     late++;
     kind[LATE(s)] = kind[s]; node_of[LATE(s)] = node_of[s]; x[LATE(s)] = x[s]; y[LATE(s)] = y[s]; ep_of[LATE(s)] = ep_of[s]
  :: true
  fi;
  forget(s)
}

inline answer(s, ok, a, v) {
  if
  :: s < 4 -> done[s] = true; fine[s] = ok; r_amount[s] = a; r_version[s] = v
  :: else -> kind[s] = NONE; x[s] = 0; y[s] = 0; ep_of[s] = 0; node_of[s] = 0
  fi
}

/* The server -------------------------------------------------------------------------------------------------------- */

inline book(c, n) {
  if
  :: (MISTAKE == NO_UNIQUE_ROW || !charged[c]) ->
     charged[c]++;
     spent = spent + cost[c];
     m = (amount[n] < cost[c] -> amount[n] : cost[c]);
     amount[n] = amount[n] - m;
     leased = leased - m
  :: else
  fi
}

inline carry_out(s) {
  n = node_of[s];
  if
  :: kind[s] == TAKE ->
     if
     :: epoch[n] != ep_of[s] && MISTAKE != TAKE_ANY_EPOCH -> answer(s, false, 0, 0)
     :: (epoch[n] == ep_of[s] || MISTAKE == TAKE_ANY_EPOCH) && available > 0 ->
        m = available; /* what is needed and more, so that others must wait for a hand-back */
        leased = leased + m; amount[n] = amount[n] + m; there[n] = true; lease_epoch[n] = ep_of[s];
        version[n]++;
        answer(s, true, amount[n], version[n])
     :: epoch[n] == ep_of[s] && available <= 0 && there[n] && lease_epoch[n] == ep_of[s] ->
        version[n]++;
        answer(s, true, amount[n], version[n])
     :: else -> answer(s, true, 0, 0)
     fi
  :: kind[s] == RETURN ->
     if
     :: there[n] && lease_epoch[n] == ep_of[s] && amount[n] >= x[s] && (version[n] == y[s] || MISTAKE == NO_VERSION) ->
        leased = leased - x[s]; amount[n] = amount[n] - x[s]; version[n]++;
        m = version[n];
        if :: amount[n] == 0 -> there[n] = false; lease_epoch[n] = 0 :: else fi;
        answer(s, true, amount[n], m)
     :: else ->
        if :: MISTAKE == ROW_DROPPED && amount[n] == 0 -> there[n] = false; lease_epoch[n] = 0 :: else fi;
        answer(s, false, 0, 0)
     fi
  :: kind[s] == FLUSH ->
     if :: x[s] & 1 -> book(0, n) :: else fi;
     if :: x[s] & 2 -> book(1, n) :: else fi;
     if
     :: there[n] -> version[n]++; answer(s, true, amount[n], version[n])
     :: else -> answer(s, true, 0, 0)
     fi
  :: kind[s] == RESYNC ->
     if
     :: there[n] && lease_epoch[n] == ep_of[s] -> version[n]++; answer(s, true, amount[n], version[n])
     :: else ->
        if
        :: MISTAKE == GONE_UNHEARD -> answer(s, true, 0, 0)
        :: else -> version[n]++; answer(s, true, 0, version[n])
        fi
     fi
  :: kind[s] == RELEASE ->
     if
     :: there[n] && (lease_epoch[n] < ep_of[s] || MISTAKE == RELEASE_ANY_LIFE) ->
        leased = leased - amount[n]; amount[n] = 0; there[n] = false; lease_epoch[n] = 0
     :: else
     fi;
     answer(s, true, 0, 0)
  fi;
  n = 0; m = 0
}

active proctype Server() {
  byte s, n; short m;
end:
  do
  :: atomic {
       if
       :: db && kind[0] && !done[0] -> s = 0
       :: db && kind[1] && !done[1] -> s = 1
       :: db && kind[2] && !done[2] -> s = 2
       :: db && kind[3] && !done[3] -> s = 3
       :: db && kind[4] -> s = 4
       :: db && kind[5] -> s = 5
       :: db && kind[6] -> s = 6
       :: db && kind[7] -> s = 7
       fi;
       carry_out(s);
       s = 0
     }
  od
}

/* What befalls ------------------------------------------------------------------------------------------------------ */

/* Where nothing is under way any more, nothing can befall it. */
#define matters(n) (p_leased[n] || kind[KEEPER(n)] || to_book(n) || (at[0] == n && !over[0]) || (at[1] == n && !over[1]))

active proctype Outage() {
end:
  atomic { matters(0) || matters(1) -> db = false };
  db = true
}

/* A node that has not reached the database for the length of a life stops by itself; others wait for the grace time too. */
active proctype Time() {
end:
  atomic { !db && up[0] && usable[0] -> usable[0] = false }
}

active proctype Crash() {
end:
  atomic {
    up[0] && !reborn && matters(0) ->
    up[0] = false; usable[0] = false; crash = true;
    p_leased[0] = 0; p_held[0] = 0; p_pending[0] = 0; p_returning[0] = 0; p_version[0] = 0; unsure[0] = false;
    my_epoch[0] = 0;
    give_up(0);
    if :: at[0] == 0 && !over[0] -> lost[0] = true; hold[0] = 0; give_up(2) :: else fi;
    if :: at[1] == 0 && !over[1] -> lost[1] = true; hold[1] = 0; give_up(3) :: else fi;
    if :: record[0] && at[0] == 0 -> earlier_life[0] = true :: else fi;
    if :: record[1] && at[1] == 0 -> earlier_life[1] = true :: else fi
  }
}

/* A call ------------------------------------------------------------------------------------------------------------ */

inline adopt(n, s) {
  if
  :: r_version[s] > p_version[n] -> p_version[n] = r_version[s]; p_leased[n] = r_amount[s]
  :: else
  fi
}

#if MISTAKE == RAISE_EXPIRED
#define may_raise(n) up[n]
#else
#define may_raise(n) (up[n] && usable[n])
#endif
#if MISTAKE == PURSE_FORGETS
#define owes(c) 0
#else
#define owes(c) cost[c]
#endif

proctype Call(byte c) {
  byte n = 2, takes;
  {
    /* The two calls are alike, and what happens on node 1 alone happens on node 0, too. */
    atomic { if :: n = 0 :: c == 1 -> n = 1 fi; at[c] = n };
asking:
    if
    :: atomic { up[n] && usable[n] && free(n) >= 1 -> p_held[n]++; hold[c] = 1 }
    :: atomic { up[n] && usable[n] && free(n) < 1 && takes < MOST_TAKES -> takes++; send(CALLER(c), TAKE, n, 0, 0, my_epoch[n]) };
       if
       :: atomic {
            done[CALLER(c)] ->
            /* What an earlier life of the node took is gone. */
            if :: fine[CALLER(c)] && ep_of[CALLER(c)] >= my_epoch[n] -> adopt(n, CALLER(c)) :: else fi;
            forget(CALLER(c)); goto asking
          }
       :: atomic { !db && n == 0 -> give_up(CALLER(c)); goto asking }
       fi
    :: atomic { !up[n] || !usable[n] || (free(n) < 1 && takes == MOST_TAKES) -> over[c] = true; takes = 0; goto end_call }
    fi;

running:
    if
    :: atomic { c == 0 && hold[c] == 1 && may_raise(n) && free(n) >= 1 -> p_held[n]++; hold[c] = 2; goto running }
    :: atomic { p_held[n] = p_held[n] - hold[c]; hold[c] = 0; over[c] = true; takes = 0 } /* it failed, and is free */
#if MISTAKE == ANSWER_FIRST
    :: atomic { !seen[c] -> seen[c] = true; goto running }
#endif
    :: atomic { if :: cost[c] = 1 :: hold[c] == 2 -> cost[c] = 2 fi; record[c] = true; takes = 0 };
       atomic {
         p_held[n] = p_held[n] - hold[c]; hold[c] = 0; p_pending[n] = p_pending[n] + owes(c);
         seen[c] = true; over[c] = true
       }
    fi
  } unless { atomic { lost[c] -> over[c] = true; n = 2; takes = 0 } };
end_call:
  skip
}

/* The keeper -------------------------------------------------------------------------------------------------------- */

#define told(c, set) (((set) & (1 << (c))) && !earlier_life[c] -> owes(c) : 0)
#define quiet(n) (!to_book(n) && amount[n] == 0 && p_leased[n] == 0 && !unsure[n] && db && epoch[n] == my_epoch[n] \
  && !kind[4] && !kind[5] && !kind[6] && !kind[7] && (n == 0 || (keeper_done[0] && amount[0] == 0)))

inline advance(set) {
  if :: (set) & 1 -> advanced[0] = true :: else fi;
  if :: (set) & 2 -> advanced[1] = true :: else fi
}

inline send_flush(n) {
  send(KEEPER(n), FLUSH, n, to_book(n), 0, 0);
#if MISTAKE == ADVANCE_FIRST
  advance(x[KEEPER(n)])
#endif
}

inline tell(n) {
  p_pending[n] = p_pending[n] - told(0, x[KEEPER(n)]) - told(1, x[KEEPER(n)]);
  adopt(n, KEEPER(n));
  forget(KEEPER(n))
}

proctype Keeper(byte n) {
  {
main:
    do
    :: atomic { up[n] && to_book(n) -> send_flush(n) };
       if
       :: atomic { done[KEEPER(n)] -> advance(x[KEEPER(n)]); tell(n) }
       :: atomic { !db && n == 0 -> give_up(KEEPER(n)) }
       fi

       /* Recalled, or idle: out of reach first, then in the database. */
    :: atomic {
         up[n] && !unsure[n] && p_leased[n] > 0 && (over[0] && over[1] -> free(n) > 0 : free(n) >= 0 && returns[n] < MOST_RETURNS) ->
         send(KEEPER(n), RETURN, n, free(n), p_version[n], my_epoch[n]);
         p_returning[n] = p_returning[n] + x[KEEPER(n)];
         if :: over[0] && over[1] :: else -> returns[n]++ fi
       };
       if
       :: atomic {
            done[KEEPER(n)] ->
            p_returning[n] = p_returning[n] - x[KEEPER(n)];
            if :: fine[KEEPER(n)] -> adopt(n, KEEPER(n)) :: else fi;
            forget(KEEPER(n))
          }
       :: atomic { !db && n == 0 -> unsure[n] = true; give_up(KEEPER(n)) }
       fi

       /* The heartbeat looks at every lease; so does whoever lost the answer to a hand-back. */
    :: atomic {
         up[n] && epoch[n] == my_epoch[n] && (unsure[n] || (there[n] && version[n] != p_version[n])) ->
         send(KEEPER(n), RESYNC, n, 0, 0, my_epoch[n])
       };
       if
       :: atomic { done[KEEPER(n)] -> adopt(n, KEEPER(n)); p_returning[n] = 0; unsure[n] = false; forget(KEEPER(n)) }
       :: atomic { !db && n == 0 -> give_up(KEEPER(n)) }
       fi

       /* A heartbeat in time. One whose answer comes too late renews nothing, as if it had not been sent. */
    :: atomic { db && up[n] && !usable[n] && epoch[n] == my_epoch[n] -> usable[n] = true }

       /* Somebody took over: a new life, with no lease. */
    :: atomic {
         db && up[n] && epoch[n] != my_epoch[n] ->
         epoch[n]++; my_epoch[n] = epoch[n]; usable[n] = false; p_leased[n] = 0;
         send(KEEPER(n), RELEASE, n, 0, 0, my_epoch[n])
       };
       if
       :: atomic { done[KEEPER(n)] -> usable[n] = (epoch[n] == my_epoch[n]); forget(KEEPER(n)) }
       :: atomic { !db && n == 0 -> give_up(KEEPER(n)) }
       fi

       /* Node 1 takes over what node 0 had leased, once node 0's life and the grace time are over. */
    :: atomic {
         n == 1 && db && amount[0] && (!usable[0] || MISTAKE == NO_GRACE) ->
         epoch[0]++;
         leased = leased - amount[0]; amount[0] = 0; there[0] = false; lease_epoch[0] = 0;
         /* What the node still has open or will book is booked as truth, even below zero. */
         if :: MISTAKE != NO_GRACE && at[0] == 0 && !charged[0] -> slack[0] = draws(0) :: else fi;
         if :: MISTAKE != NO_GRACE && at[1] == 0 && !charged[1] -> slack[1] = draws(1) :: else fi
       }

       /* All is quiet, and nothing is left. */
    :: atomic { over[0] && over[1] && quiet(n) -> keeper_done[n] = true; goto end_keeper }
    od
  } unless { atomic { n == 0 && crash -> crash = false; returns[0] = 0 } };

  /* Down. It may stay so for ever, with its journal on the disk; or it starts again on it. */
restart:
  if
  :: atomic { !reborn -> dead[0] = true; keeper_done[0] = true; goto end_keeper }
  :: atomic { db -> epoch[0]++; my_epoch[0] = epoch[0]; reborn = true }
  fi;
#if MISTAKE == RELEASE_FIRST
  goto release;
#endif
booking:
  if
  :: atomic { to_book(0) -> send_flush(0) };
     if
     :: atomic { done[0] -> advance(x[0]); tell(0); goto booking }
     :: atomic { !db -> give_up(0); goto restart }
     fi
  :: atomic { else ->
#if MISTAKE == RELEASE_FIRST
     goto alive
#else
     goto release
#endif
     }
  fi;
release:
  atomic { send(0, RELEASE, 0, 0, 0, my_epoch[0]) };
  if
  :: atomic { done[0] -> forget(0) }
  :: atomic { !db -> give_up(0); goto restart }
  fi;
#if MISTAKE == RELEASE_FIRST
  goto booking;
#endif
alive:
  atomic { up[0] = true; usable[0] = (epoch[0] == my_epoch[0]); goto main };
end_keeper:
  skip
}

init {
  atomic {
    epoch[0] = 1; epoch[1] = 1; my_epoch[0] = 1; my_epoch[1] = 1;
    up[0] = true; up[1] = true; usable[0] = true; usable[1] = true;
    at[0] = 2; at[1] = 2;
    /* Node 0 is new here, or this is its third life, and the release at the start of its second is still under way. */
    if
    :: true ->
       epoch[0] = 3; my_epoch[0] = 3; reborn = true;
       kind[LATE(KEEPER(0))] = RELEASE; ep_of[LATE(KEEPER(0))] = 2; late = MOST_LATE
    :: true
    fi;
    run Keeper(0); run Keeper(1); run Call(0); run Call(1)
  };
  /* At the end nothing is held or leased, and everything that ended where the disk came back is charged. */
  atomic {
    keeper_done[0] && keeper_done[1] ->
    assert(leased == 0 && amount[0] == 0 && amount[1] == 0 && hold[0] == 0 && hold[1] == 0);
    assert(!record[0] || charged[0] || (dead[0] && at[0] == 0));
    assert(!record[1] || charged[1] || (dead[0] && at[1] == 0))
  }
}

active proctype Watch() {
end:
  atomic { !INVARIANT -> assert(INVARIANT) }
}
