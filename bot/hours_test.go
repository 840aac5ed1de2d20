package bot_test

import (
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

func day(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, bot.Tokyo)
	if err != nil {
		panic(err)
	}
	return t
}

// The dates are those published by the Cabinet Office (国民の祝日について).
func TestHoliday(t *testing.T) {
	t.Parallel()
	holidays := map[string]string{
		"2026-01-01": "元日", "2026-01-12": "成人の日", "2026-02-11": "建国記念の日", "2026-02-23": "天皇誕生日",
		"2026-03-20": "春分の日", "2026-04-29": "昭和の日", "2026-05-03": "憲法記念日", "2026-05-04": "みどりの日",
		"2026-05-05": "こどもの日", "2026-05-06": "振替休日", "2026-07-20": "海の日", "2026-08-11": "山の日",
		"2026-09-21": "敬老の日", "2026-09-22": "国民の休日", "2026-09-23": "秋分の日", "2026-10-12": "スポーツの日",
		"2026-11-03": "文化の日", "2026-11-23": "勤労感謝の日", "2027-03-22": "振替休日", "2027-03-21": "春分の日",
	}
	count := 0
	for d := day("2026-01-01 12:00"); d.Year() == 2026; d = d.AddDate(0, 0, 1) {
		name, ok := bot.Holiday(d)
		if want := holidays[d.Format(time.DateOnly)]; ok != (want != "") || ok && name != want {
			t.Errorf("%s: got %q %v, want %q", d.Format(time.DateOnly), name, ok, want)
		}
		if ok {
			count++
		}
	}
	if count != 18 {
		t.Errorf("2026 has %d holidays, want 18", count)
	}
	for _, d := range []string{"2027-03-21", "2027-03-22"} {
		if name, _ := bot.Holiday(day(d + " 00:00")); name != holidays[d] {
			t.Errorf("%s: got %q, want %q", d, name, holidays[d])
		}
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	h := bot.Hours{
		Week: map[string][]bot.Period{
			"mon": {{From: "08:30", To: "12:00"}, {From: "13:00", To: "17:15"}}, "tue": {{From: "08:30", To: "17:15"}},
			"wed": {{From: "08:30", To: "17:15"}}, "thu": {{From: "22:00", To: "06:00"}}, "fri": {{From: "00:00", To: "24:00"}},
		},
		YearEnd: []string{"12-29", "01-03"},
		Except:  map[string][]bot.Period{"2026-11-25": {{From: "08:30", To: "14:00"}}},
	}
	for _, c := range []struct {
		at, until, next string // until empty: closed
	}{
		{"2026-11-30 09:00", "2026-11-30 12:00", ""},                 // a Monday morning
		{"2026-11-30 12:30", "", "2026-11-30 13:00"},                 // the lunch break
		{"2026-11-23 10:00", "", "2026-11-24 08:30"},                 // a holiday on a Monday
		{"2026-11-25 14:30", "", "2026-11-26 22:00"},                 // closed earlier that day
		{"2026-11-27 03:00", "2026-11-28 00:00", ""},                 // the night shift overlaps Friday's whole day
		{"2026-11-26 23:00", "2026-11-27 06:00", "2026-11-27 00:00"}, // a night shift
		{"2026-12-30 10:00", "", "2027-01-04 08:30"},                 // the turn of the year
	} {
		until, open := h.Open(day(c.at))
		if open != (c.until != "") || open && !until.Equal(day(c.until)) {
			t.Errorf("Open(%s): got %v %v, want %q", c.at, until, open, c.until)
		}
		if c.next == "" {
			continue
		}
		if next, ok := h.Next(day(c.at)); !ok || !next.Equal(day(c.next)) {
			t.Errorf("Next(%s): got %v %v, want %s", c.at, next, ok, c.next)
		}
	}
}

// Hours promised to residents count on days of the desk only.
func TestHoursCount(t *testing.T) {
	t.Parallel()
	week := []bot.Period{{From: "08:30", To: "17:15"}}
	h := bot.Hours{Week: map[string][]bot.Period{"mon": week, "tue": week, "wed": week, "thu": week, "fri": week}, YearEnd: []string{"12-29", "01-03"}}
	for _, x := range []struct {
		from  string
		hours int
		want  string
		why   string
	}{
		{"2026-11-24 10:00", 24, "2026-11-25 10:00", "in the week it is the clock's day"},
		{"2026-11-24 20:00", 24, "2026-11-26 08:30", "at night it begins with the morning"},
		{"2026-11-27 16:00", 24, "2026-11-30 16:00", "the weekend does not count"},
		{"2026-11-28 12:00", 24, "2026-12-01 08:30", "on Saturday it begins on Monday"},
		{"2026-11-20 10:00", 24, "2026-11-24 10:00", "nor does Labour Thanksgiving Day"},
		{"2026-12-28 17:00", 24, "2027-01-04 17:00", "nor the end of the year"},
		{"2026-11-24 10:00", 48, "2026-11-26 10:00", "two days"},
		{"2026-11-24 10:00", 0, "2026-11-24 10:00", "no time"},
	} {
		if got := h.Count(day(x.from), time.Duration(x.hours)*time.Hour); !got.Equal(day(x.want)) {
			t.Errorf("%s, %d hours after %s: got %s, want %s", x.why, x.hours, x.from, got.Format("2006-01-02 15:04"), x.want)
		}
	}
	var unknown bot.Hours
	if got := unknown.Count(day("2026-11-28 12:00"), time.Hour); !got.Equal(day("2026-11-28 13:00")) {
		t.Errorf("without hours: got %s", got)
	}
}
