/* What pynput's code for macOS and our control of it call in C. Types of events and the source state are numbered as in Apple's CGEventTypes.h. */
#include <stdint.h>
#include <time.h>

void *kTISPropertyUnicodeKeyLayoutData;
void *TISCopyCurrentKeyboardInputSource(void) { return 0; }
void *TISCopyCurrentASCIICapableKeyboardLayoutInputSource(void) { return 0; }
void *TISGetInputSourceProperty(void *source, void *key) { return 0; }
uint32_t LMGetKbdType(void) { return 0; }
uint32_t UCKeyTranslate(void) { return 0; }

static double last[32];
static int secured, listen = 1;
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }

void fake_event(uint32_t kind) { last[kind] = now(); }
void fake_secured(int yes) { secured = yes; }
void fake_listen(int yes) { listen = yes; }

double CGEventSourceSecondsSinceLastEventType(int32_t state, uint32_t kind) { return state == 0 ? now() - last[kind] : -1; }
unsigned char IsSecureEventInputEnabled(void) { return secured; }
unsigned char CGPreflightListenEventAccess(void) { return listen; }
