package desk_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

func TestReadDay(t *testing.T) {
	t.Parallel()
	usual := bot.Hours{Week: map[string][]bot.Period{
		"thu": {{From: "08:30", To: "12:00"}, {From: "13:00", To: "17:15"}}, "fri": {{From: "08:30", To: "17:15"}},
	}}
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, bot.Tokyo) // a Thursday
	two := func(ends ...string) (list []bot.Period) {
		for i := 0; i < len(ends); i += 2 {
			list = append(list, bot.Period{From: ends[i], To: ends[i+1]})
		}
		return list
	}
	for _, x := range []struct {
		words, date string
		periods     []bot.Period
		again       bool
		err         error
	}{
		{"きょうは 14時まで", "2026-11-26", two("08:30", "12:00", "13:00", "14:00"), false, nil},
		{"きょうは１４時半まで", "2026-11-26", two("08:30", "12:00", "13:00", "14:30"), false, nil},
		{"今日 11:00まで", "2026-11-26", two("08:30", "11:00"), false, nil},
		{"today until 2pm", "2026-11-26", two("08:30", "12:00", "13:00", "14:00"), false, nil},
		{"午後3時まで", "2026-11-26", two("08:30", "12:00", "13:00", "15:00"), false, nil},
		{"あしたは 10時から", "2026-11-27", two("10:00", "17:15"), false, nil},
		{"あした 休み", "2026-11-27", nil, false, nil},
		{"12/29は 10:00-15:00", "2026-12-29", two("10:00", "15:00"), false, nil},
		{"1/4 10時から15時", "2027-01-04", two("10:00", "15:00"), false, nil},
		{"2026-12-01 休み", "2026-12-01", nil, false, nil},
		{"きょう もどす", "2026-11-26", nil, true, nil},
		{"きょう 7時まで", "2026-11-26", nil, false, nil}, // over before it begins: closed
		{"11/28 14時まで", "2026-11-28", nil, false, desk.ErrClosedDay},
		{"11/20 休み", "2026-11-20", nil, false, desk.ErrPastDay},
		{"15時から10時", "2026-11-26", nil, false, desk.ErrNoDay},
		{"きょうは", "2026-11-26", nil, false, desk.ErrNoDay},
		{"25時まで", "2026-11-26", nil, false, desk.ErrNoDay},
		{"2/30 休み", "2026-11-26", nil, false, desk.ErrNoDay}, // not today instead
		{"金曜日は休み", "2026-11-26", nil, false, desk.ErrNoDay},
		{"29日 14時まで", "2026-11-26", nil, false, desk.ErrNoDay},
		{"12/28から1/3 休み", "2026-12-28", nil, false, desk.ErrNoDay},
		{"closed next friday", "2026-11-26", nil, false, desk.ErrNoDay},
		{"12月29日（火曜日）は休み", "2026-12-29", nil, false, nil},
		{"しあさって 休み", "2026-11-29", nil, false, nil},
		{"🙂", "2026-11-26", nil, false, desk.ErrNoDay},
	} {
		d, again, err := desk.ReadDay(x.words, usual, now)
		if d.Date != x.date || !slices.Equal(d.Periods, x.periods) || again != x.again || !errors.Is(err, x.err) {
			t.Errorf("%q: got %+v, again %v, %v; want %s %v %v %v", x.words, d, again, err, x.date, x.periods, x.again, x.err)
		}
	}
}

func FuzzReadDay(f *testing.F) {
	f.Add("きょうは 14時まで")
	f.Add("99/99 99:99-99:99")
	f.Fuzz(func(t *testing.T, words string) {
		d, _, err := desk.ReadDay(words, bot.Hours{}, time.Date(2026, 11, 26, 9, 0, 0, 0, bot.Tokyo))
		if _, bad := time.Parse(time.DateOnly, d.Date); err == nil && bad != nil {
			t.Errorf("%q gives the date %q", words, d.Date)
		}
	})
}
