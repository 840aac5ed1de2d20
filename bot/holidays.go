package bot

import "time"

// Holiday reports whether the day of t is a national holiday in Japan, and its
// name. It follows the Act on National Holidays (国民の祝日に関する法律) as in
// force since 2022, and computes the equinoxes with the formula of the
// Astronomical Almanac, good from 1980 to 2099. One-off moves by special laws
// (as for the Olympic Games of 2021) belong into Hours.Except.
func Holiday(t time.Time) (name string, ok bool) {
	t = t.In(Tokyo)
	if name, ok := namedHoliday(t); ok {
		return name, true
	}
	// 振替休日: a holiday on a Sunday moves to the next day that is none.
	for day := t.AddDate(0, 0, -1); ; day = day.AddDate(0, 0, -1) {
		if _, named := namedHoliday(day); !named {
			break
		}
		if day.Weekday() == time.Sunday {
			return "振替休日", true
		}
	}
	// 国民の休日: a day between two holidays.
	_, before := namedHoliday(t.AddDate(0, 0, -1))
	_, after := namedHoliday(t.AddDate(0, 0, 1))
	if before && after && t.Weekday() != time.Sunday {
		return "国民の休日", true
	}
	return "", false
}

func namedHoliday(t time.Time) (string, bool) {
	y, m, d := t.Date()
	monday := 0 // which Monday of the month it is
	if t.Weekday() == time.Monday {
		monday = (d + 6) / 7
	}
	switch m {
	case time.January:
		if d == 1 {
			return "元日", true
		}
		return "成人の日", monday == 2
	case time.February:
		if d == 11 {
			return "建国記念の日", true
		}
		return "天皇誕生日", d == 23
	case time.March:
		return "春分の日", d == equinox(y, 20.8431)
	case time.April:
		return "昭和の日", d == 29
	case time.May:
		switch d {
		case 3:
			return "憲法記念日", true
		case 4:
			return "みどりの日", true
		}
		return "こどもの日", d == 5
	case time.July:
		return "海の日", monday == 3
	case time.August:
		return "山の日", d == 11
	case time.September:
		if d == equinox(y, 23.2488) {
			return "秋分の日", true
		}
		return "敬老の日", monday == 3
	case time.October:
		return "スポーツの日", monday == 2
	case time.November:
		if d == 3 {
			return "文化の日", true
		}
		return "勤労感謝の日", d == 23
	case time.June, time.December:
	}
	return "", false
}

func equinox(year int, base float64) int {
	n := year - 1980
	return int(base+0.242194*float64(n)) - n/4
}
