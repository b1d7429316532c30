/* Core Foundation and Core Graphics as far as the plugin calls them, on any system with a C compiler. Signatures, ownership
   (what a function with Copy or Create in its name returns has to be released) and keys are those of Apple's documentation; the
   answers are read from the file that FAKE_MAC names, at each call:
     record 0|1            CGPreflightScreenCaptureAccess
     idle SECONDS          CGEventSourceSecondsSinceLastEventType, of kCGEventSourceStateCombinedSessionState
     count TYPE NUMBER     CGEventSourceCounterForEventType, of the same: "Key autorepeat events are not counted"
     secured 0|1           IsSecureEventInputEnabled
     session CONSOLE LOCKED    CGSessionCopyCurrentDictionary; without this line it returns NULL
     window NUMBER PROCESS LAYER X Y WIDTH HEIGHT NAMED OWNER|TITLE    CGWindowListCopyWindowInfo; NAMED 0: no kCGWindowName
     display NUMBER X Y WIDTH HEIGHT    CGGetActiveDisplayList, the first is the main one */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct object { int kind; long number; double place[4]; char text[256]; struct object *items; int count; const char *key; } object;
enum { STRING, NUMBER, BOOLEAN, ARRAY, DICTIONARY, PLACE };
typedef struct { double x, y, width, height; } rect;
static long alive; /* what was created and not yet released */

long fake_alive(void) { return alive; }

static FILE *script(void) { return fopen(getenv("FAKE_MAC"), "r"); }

static int found(const char *word, char *rest, int which) {
    FILE *file = script();
    char line[512];
    size_t length = strlen(word);
    int seen = 0;
    while (file && fgets(line, sizeof line, file))
        if (!strncmp(line, word, length) && line[length] == ' ' && seen++ == which) {
            strcpy(rest, line + length + 1);
            rest[strcspn(rest, "\n")] = 0;
            fclose(file);
            return 1;
        }
    if (file) fclose(file);
    return 0;
}

static object *make(int kind) { object *made = calloc(1, sizeof *made); made->kind = kind; alive++; return made; }

static object *put(object *dictionary, const char *key, int kind) {
    dictionary->items = realloc(dictionary->items, (dictionary->count + 1) * sizeof(object));
    object *item = &dictionary->items[dictionary->count++];
    memset(item, 0, sizeof *item);
    item->kind = kind;
    item->key = key;
    return item;
}

void CFRelease(object *one) {
    for (int i = 0; one->kind == ARRAY && i < one->count; i++) free(one->items[i].items);
    free(one->items);
    free(one);
    alive--;
}
long CFArrayGetCount(object *array) { return array->count; }
object *CFArrayGetValueAtIndex(object *array, long index) { return &array->items[index]; }
object *CFDictionaryGetValue(object *dictionary, object *key) {
    for (int i = 0; i < dictionary->count; i++)
        if (!strcmp(dictionary->items[i].key, key->text)) return &dictionary->items[i];
    return NULL;
}
object *CFStringCreateWithCString(void *allocator, const char *text, uint32_t encoding) {
    if (allocator || encoding != 0x08000100) return NULL;
    object *made = make(STRING);
    strncpy(made->text, text, sizeof made->text - 1);
    return made;
}
unsigned char CFStringGetCString(object *string, char *text, long size, uint32_t encoding) {
    if (string->kind != STRING || encoding != 0x08000100 || (long)strlen(string->text) >= size) return 0;
    strcpy(text, string->text);
    return 1;
}
unsigned char CFNumberGetValue(object *number, long type, int64_t *value) {
    if (number->kind != NUMBER || type != 4) return 0;
    *value = number->number;
    return 1;
}
unsigned char CFBooleanGetValue(object *one) { return one->kind == BOOLEAN && one->number; }

static int flag(const char *word) { char rest[512]; return found(word, rest, 0) && atoi(rest); }
unsigned char CGPreflightScreenCaptureAccess(void) { return flag("record"); }
unsigned char IsSecureEventInputEnabled(void) { return flag("secured"); }
double CGEventSourceSecondsSinceLastEventType(int32_t state, uint32_t type) {
    char rest[512];
    return state == 0 && type == 0xFFFFFFFF && found("idle", rest, 0) ? atof(rest) : -1;
}
uint32_t CGEventSourceCounterForEventType(int32_t state, uint32_t type) {
    char rest[512];
    unsigned kind, number;
    for (int i = 0; state == 0 && found("count", rest, i); i++)
        if (sscanf(rest, "%u %u", &kind, &number) == 2 && kind == type) return number;
    return 0;
}
object *CGSessionCopyCurrentDictionary(void) {
    char rest[512];
    int console, locked;
    if (!found("session", rest, 0) || sscanf(rest, "%d %d", &console, &locked) != 2) return NULL;
    object *told = make(DICTIONARY);
    put(told, "kCGSSessionOnConsoleKey", BOOLEAN)->number = console;
    if (locked) put(told, "CGSSessionScreenIsLocked", BOOLEAN)->number = 1;
    return told;
}
object *CGWindowListCopyWindowInfo(uint32_t options, uint32_t relative) {
    if (options != (1 | 16) || relative) return NULL;
    object *list = make(ARRAY);
    char rest[512];
    for (int i = 0; found("window", rest, i); i++) {
        long number, process, layer;
        int named, at;
        double place[4];
        if (sscanf(rest, "%ld %ld %ld %lf %lf %lf %lf %d %n", &number, &process, &layer, place, place + 1, place + 2, place + 3, &named, &at) < 8)
            continue;
        char *title = strchr(rest + at, '|');
        *title++ = 0;
        object *window = put(list, "", DICTIONARY);
        put(window, "kCGWindowNumber", NUMBER)->number = number;
        put(window, "kCGWindowOwnerPID", NUMBER)->number = process;
        put(window, "kCGWindowLayer", NUMBER)->number = layer;
        strncpy(put(window, "kCGWindowOwnerName", STRING)->text, rest + at, 255);
        if (named) strncpy(put(window, "kCGWindowName", STRING)->text, title, 255);
        memcpy(put(window, "kCGWindowBounds", PLACE)->place, place, sizeof place);
    }
    return list;
}
unsigned char CGRectMakeWithDictionaryRepresentation(object *place, rect *out) {
    if (place->kind != PLACE) return 0;
    *out = (rect){place->place[0], place->place[1], place->place[2], place->place[3]};
    return 1;
}
int32_t CGGetActiveDisplayList(uint32_t most, uint32_t *numbers, uint32_t *count) {
    char rest[512];
    for (*count = 0; *count < most && found("display", rest, *count); (*count)++) numbers[*count] = atoi(rest);
    return 0;
}
uint32_t CGMainDisplayID(void) { char rest[512]; return found("display", rest, 0) ? atoi(rest) : 0; }
rect CGDisplayBounds(uint32_t number) {
    char rest[512];
    rect place = {0};
    unsigned one;
    for (int i = 0; found("display", rest, i); i++)
        if (sscanf(rest, "%u %lf %lf %lf %lf", &one, &place.x, &place.y, &place.width, &place.height) == 5 && one == number) break;
    return place;
}
