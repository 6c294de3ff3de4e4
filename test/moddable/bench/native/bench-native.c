// For benches in an image for Linux: the engine's own account of its heap, and a clock of the processor's time. Reads
// the machine's fields, so it is compiled as part of the engine.

#include "xsAll.h"
#include <time.h>

// On a device of 32 bits a chunk has a header of 8 bytes.
#define DEVICE_HEADER 8

static void answer(txMachine* the, txNumber value)
{
	mxResult->kind = XS_NUMBER_KIND;
	mxResult->value.number = value;
}

void xs_bench_slots(txMachine* the)
{
	answer(the, the->currentHeapCount);
}

void xs_bench_chunks(txMachine* the)
{
	txBlock* block = the->firstBlock;
	txNumber sum = 0;
	while (block) {
		txByte* chunk = (txByte*)(block + 1);
		while (chunk < block->current) {
			txByte* next = ((txChunk*)chunk)->temporary;
			sum += (next - chunk) - sizeof(txChunk) + DEVICE_HEADER;
			chunk = next;
		}
		block = block->nextBlock;
	}
	answer(the, sum);
}

void xs_bench_freeChunks(txMachine* the)
{
	answer(the, the->maximumChunksSize - the->currentChunksSize);
}

void xs_bench_collect(txMachine* the)
{
	fxCollectGarbage(the);
}

void xs_bench_cpu(txMachine* the)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	answer(the, now.tv_sec * 1e6 + now.tv_nsec / 1e3);
}

void xs_bench_freeSlots(txMachine* the)
{
	answer(the, the->maximumHeapCount - the->currentHeapCount);
}

void xs_bench_growBy(txMachine* the)
{
	the->minimumHeapCount = mxArgc > 0 ? fxToInteger(the, mxArgv(0)) : 0;
	the->minimumChunksSize = mxArgc > 1 ? fxToInteger(the, mxArgv(1)) : 0;
}

void xs_bench_startPeaks(txMachine* the)
{
	the->peakHeapCount = the->currentHeapCount;
	the->peakChunksSize = the->currentChunksSize;
}

void xs_bench_peakSlots(txMachine* the)
{
	answer(the, the->peakHeapCount);
}

void xs_bench_peakChunks(txMachine* the)
{
	answer(the, the->peakChunksSize);
}

// Collections are counted by an object that is marked in each.
static txU4 gCollections;

static void onMark(txMachine* the, void* data, txMarkRoot markRoot)
{
	gCollections++;
}
static void onEnd(void* data)
{
}
static txHostHooks gHooks = { onEnd, onMark, NULL };

void xs_bench_watch(txMachine* the)
{
	fxNewHostObject(the, NULL);
	fxSetHostHooks(the, the->stack, &gHooks);
	fxSetHostData(the, the->stack, &gCollections); // without data it isn't marked
	*mxResult = *the->stack;
	mxPop();
}

void xs_bench_collections(txMachine* the)
{
	answer(the, gCollections);
}

// What the runner of the image times (tools/mcrunner.c).
extern double mcrunnerMeter(int what) __attribute__((weak));

void xs_bench_meter(txMachine* the)
{
	answer(the, mcrunnerMeter ? mcrunnerMeter(fxToInteger(the, mxArgv(0))) : 0);
}
