/* The least that reading takes: every field of a record as UTF-8, as a whole number or as a day.

   No issue is kept, no byte is doubted twice, nobody is told why: a value that cannot be read is zero or blank. Text goes
   behind one another with offsets, as Arrow has it. Records are taken in runs that a core's own cache holds. */

#include <stdint.h>
#include <string.h>

enum { NARROW, WIDE, NUMBER, ERA };
enum { RUN = 1024 };

typedef struct {
    int64_t at, size, kind;
    uint8_t *text;     /* NARROW, WIDE: at least records * size * 3 + 8 bytes */
    int32_t *offsets;  /* NARROW, WIDE: records + 1 */
    int64_t *numbers;  /* NUMBER: the value; ERA: days since 1970-01-01 */
} Field;

static const int BEFORE[6] = {0, 1867, 1911, 1925, 1988, 2018};
static const uint64_t SPACES = 0x2020202020202020ULL, IDEOGRAPHIC = 0x4081408140814081ULL;

static int64_t trimmed(const uint8_t *p, int64_t size, uint64_t eight, int64_t step) {
    uint64_t tail;
    while (size >= 8 && (memcpy(&tail, p + size - 8, 8), tail == eight)) size -= 8;
    while (size >= step && !memcmp(p + size - step, &eight, step)) size -= step;
    return size;
}

/* An entry of the tables: up to three bytes, the lowest first, and how many in the highest byte. */
static uint8_t *narrow(const uint8_t *p, const uint8_t *end, const uint32_t *ones, uint8_t *out) {
    for (; p < end; p++) {
        uint32_t entry = ones[*p];
        memcpy(out, &entry, 4);
        out += entry >> 24;
    }
    return out;
}

static uint8_t *wide(const uint8_t *p, const uint8_t *end, const uint32_t *pairs, uint8_t *out) {
    for (; p < end; p += 2) {
        uint32_t entry = pairs[p[0] << 8 | p[1]];
        memcpy(out, &entry, 4);
        out += entry >> 24;
    }
    return out;
}

static int64_t number(const uint8_t *p, int64_t size) {
    int64_t value = 0, sign = 1;
    for (int64_t i = 0; i < size - 1; i++) value = value * 10 + (p[i] & 15);
    uint8_t last = p[size - 1];
    if (last == '}' || (last >= 'J' && last <= 'R')) sign = -1;
    int digit = last <= '9' ? last - '0' : last >= '{' ? 0 : last >= 'J' ? last - 'J' + 1 : last - 'A' + 1;
    return (value * 10 + digit) * sign;
}

static int64_t days(const uint8_t *p) {
    int year = BEFORE[(p[0] - '0') % 6] + (p[1] - '0') * 10 + p[2] - '0';
    int month = (p[3] - '0') * 10 + p[4] - '0', day = (p[5] - '0') * 10 + p[6] - '0';
    year -= month <= 2;
    int of_400 = year % 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return year / 400 * 146097L + of_400 * 365 + of_400 / 4 - of_400 / 100 + of_year - 719468;
}

void read_records(const uint8_t *data, int64_t records, int64_t record_bytes, Field *fields, int64_t count,
                  const uint32_t *ones, const uint32_t *pairs) {
    for (int64_t run = 0; run < records; run += RUN) {
        int64_t stop = run + RUN < records ? run + RUN : records;
        for (int64_t f = 0; f < count; f++) {
            Field *field = fields + f;
            const uint8_t *p = data + run * record_bytes + field->at;
            if (field->kind >= NUMBER) {
                for (int64_t row = run; row < stop; row++, p += record_bytes)
                    field->numbers[row] = field->kind == NUMBER ? number(p, field->size) : days(p);
                continue;
            }
            uint8_t *out = field->text + field->offsets[run];
            for (int64_t row = run; row < stop; row++, p += record_bytes) {
                if (field->kind == WIDE)
                    out = wide(p, p + trimmed(p, field->size, IDEOGRAPHIC, 2), pairs, out);
                else
                    out = narrow(p, p + trimmed(p, field->size, SPACES, 1), ones, out);
                field->offsets[row + 1] = (int32_t)(out - field->text);
            }
        }
    }
}
