#include "textflag.h"

// The numbers of the calls (arch/x86/entry/syscalls/syscall_64.tbl).
#define WRITE      1
#define PAUSE      34
#define CLONE      56
#define WAIT4      61
#define KILL       62
#define GETRLIMIT  97
#define PRCTL      157
#define EXIT_GROUP 231

#define SIGKILL        9
#define PDEATHSIG      1          // PR_SET_PDEATHSIG
#define WALL           0x40000000 // __WALL
#define RLIMIT_NPROC   6
#define EAGAIN         11
#define MOST           64
#define FAR            4096       // a limit that the program is never near

// firstInstruction is where the system enters the program, before the entry of Go. Go's runtime ends with a trace when it is refused a
// thread, and no Go code could catch that: it may happen before there is any. So tasks are started by fork, which the same
// limits count, and ended again: as many as the program and its second processes may need at once. If the system refuses
// one of them, the program says so and ends. A second process, which has no arguments, needs fewer. Where the user may have
// thousands of processes, as nearly everywhere, none is started.
TEXT ·firstInstruction(SB), NOSPLIT|NOFRAME, $0
	MOVQ SP, R12        // what the kernel left for the entry of Go
	XORQ R14, R14       // the error of the last
	SUBQ $16, SP        // struct rlimit
	MOVQ $GETRLIMIT, AX
	MOVQ $RLIMIT_NPROC, DI
	MOVQ SP, SI
	SYSCALL
	TESTQ AX, AX
	JNZ  collected
	MOVQ (SP), AX       // rlim_cur
	CMPQ AX, $FAR
	JHI  collected
	MOVQ $MOST, R15
	CMPQ (R12), $1      // the number of arguments, the name included
	JGT  room
	MOVQ $(MOST/4), R15

room:
	SUBQ $(MOST*8), SP
	XORQ R13, R13 // started so far

next:
	MOVQ  $CLONE, AX // no flags: a fork whose end sends no signal
	XORQ  DI, DI
	XORQ  SI, SI
	XORQ  DX, DX
	XORQ  R10, R10
	XORQ  R8, R8
	SYSCALL
	TESTQ AX, AX
	JZ    child
	JS    failed
	MOVQ  AX, (SP)(R13*8)
	INCQ  R13
	CMPQ  R13, R15
	JLT   next
	JMP   collect

failed:
	MOVQ AX, R14

collect:
	TESTQ R13, R13
	JZ    collected
	DECQ  R13
	MOVQ  $KILL, AX
	MOVQ  (SP)(R13*8), DI
	MOVQ  $SIGKILL, SI
	SYSCALL
	MOVQ  $WAIT4, AX
	MOVQ  (SP)(R13*8), DI
	XORQ  SI, SI
	MOVQ  $WALL, DX
	XORQ  R10, R10
	SYSCALL
	JMP   collect

collected:
	MOVQ R12, SP
	CMPQ R14, $-EAGAIN
	JEQ  refused
	JMP  _rt0_amd64_linux(SB) // also after any other error, which is none of a limit

refused:
	MOVQ $WRITE, AX
	MOVQ $2, DI
	MOVQ ·outOfThreads+0(SB), SI
	MOVQ ·outOfThreads+8(SB), DX
	SYSCALL
	MOVQ $EXIT_GROUP, AX
	MOVQ $3, DI
	SYSCALL
	INT  $3

child:
	MOVQ $PRCTL, AX
	MOVQ $PDEATHSIG, DI
	MOVQ $SIGKILL, SI
	SYSCALL

wait:
	MOVQ $PAUSE, AX
	SYSCALL
	JMP  wait
