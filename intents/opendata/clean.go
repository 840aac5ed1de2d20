package opendata

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Where Japan lies, in degrees.
const (
	south, north = 20.0, 46.0
	west, east   = 122.0, 154.0
)

// clean brings what stands in a cell into the standard's form, and tells what
// it changed. bad means that the cell cannot be read; it is kept as it is.
func (v Value) clean(cell string) (out, note string, bad bool) {
	if v == Text || v == Address {
		return cell, "", false
	}
	if v == Required {
		if cell == "" {
			return "", "this must not be empty", true
		}
		return cell, "", false
	}
	plain := strings.TrimSpace(norm.NFKC.String(cell))
	if plain == "" {
		return "", "", false
	}
	switch v {
	case Code:
		return cleanCode(plain)
	case Lat:
		return cleanDegrees(plain, south, north, "a latitude in Japan lies between 20 and 46")
	case Lon:
		return cleanDegrees(plain, west, east, "a longitude in Japan lies between 122 and 154")
	case Number:
		if _, err := strconv.ParseFloat(plain, 64); err != nil {
			return cell, fmt.Sprintf("%q is not a number", cell), true
		}
		return plain, "", false
	case Capacity:
		return cleanCapacity(cell, plain)
	case Flag:
		return cleanFlag(cell, plain)
	case Phone:
		return cleanPhone(plain)
	case Postcode:
		return cleanPostcode(plain)
	case Clock:
		return cleanClock(cell, plain)
	case Text, Required, Address:
	}
	return cell, "", false
}

// cleanCode gives a code of a municipality back its six digits: a spreadsheet
// takes the first zero, older lists leave out the check digit.
func cleanCode(s string) (string, string, bool) {
	if !digits(s) || len(s) < 4 || len(s) > 6 {
		return s, fmt.Sprintf("%q is not a code of a municipality (six digits)", s), true
	}
	var guesses []string
	switch len(s) {
	case 6:
		guesses = []string{s}
	case 5:
		guesses = []string{"0" + s, s + checkDigit(s)} // a lost zero, or no check digit
	case 4:
		guesses = []string{"0" + s + checkDigit("0"+s)}
	}
	for _, g := range guesses {
		if g[5:] == checkDigit(g[:5]) {
			if g == s {
				return g, "", false
			}
			return g, fmt.Sprintf("%q was completed to %s", s, g), false
		}
	}
	return s, fmt.Sprintf("%q has a wrong check digit", s), true
}

// checkDigit is the sixth digit: https://www.soumu.go.jp/main_content/000137948.pdf
func checkDigit(five string) string {
	sum := 0
	for i, c := range five {
		sum += int(c-'0') * (6 - i)
	}
	if sum < 11 {
		return strconv.Itoa(11 - sum)
	}
	return strconv.Itoa((11 - sum%11) % 10)
}

func cleanDegrees(s string, low, high float64, what string) (string, string, bool) {
	d, err := strconv.ParseFloat(s, 64)
	if err != nil || d < low || d > high {
		return s, fmt.Sprintf("%q: %s", s, what), true
	}
	return s, "", false
}

var peoples = regexp.MustCompile(`[0-9][0-9,]*`)

// cleanCapacity reads how many people fit. Words with several numbers (a hall
// and a schoolyard) stay words: adding them up would be a guess.
func cleanCapacity(cell, plain string) (string, string, bool) {
	found := peoples.FindAllString(plain, -1)
	if len(found) != 1 {
		return cell, fmt.Sprintf("%q is not one number of people; it is kept as words", cell), false
	}
	n := strings.ReplaceAll(found[0], ",", "")
	if n == cell {
		return n, "", false
	}
	return n, fmt.Sprintf("%q was read as %s people", cell, n), false
}

func cleanFlag(cell, plain string) (string, string, bool) {
	switch strings.ToLower(plain) {
	case "1", "○", "〇", "◯", "true", "有", "可", "yes":
		return "1", "", false
	case "0", "×", "x", "false", "無", "否", "不可", "no", "-", "―", "ー":
		return "", "", false
	}
	return cell, fmt.Sprintf("%q is neither 1 nor blank", cell), true
}

// cleanPhone gives a number back the zero a spreadsheet took.
func cleanPhone(s string) (string, string, bool) {
	bare := strings.NewReplacer("-", "", "(", "", ")", "", " ", "", "‐", "", "−", "", "ー", "").Replace(s)
	switch {
	case !digits(bare):
		return s, fmt.Sprintf("%q is not a telephone number", s), true
	case bare[0] == '0' && (len(bare) == 10 || len(bare) == 11):
		return s, "", false
	case bare[0] != '0' && (len(bare) == 9 || len(bare) == 10):
		return "0" + s, fmt.Sprintf("%q lost its first zero; it is put back", s), false
	}
	return s, fmt.Sprintf("%q has %d digits; a number has ten or eleven", s, len(bare)), true
}

func cleanPostcode(s string) (string, string, bool) {
	bare := strings.TrimPrefix(strings.ReplaceAll(s, "-", ""), "〒")
	if !digits(bare) || len(bare) > 7 || len(bare) < 5 {
		return s, fmt.Sprintf("%q is not a postcode", s), true
	}
	whole := strings.Repeat("0", 7-len(bare)) + bare
	if whole != bare {
		return whole[:3] + "-" + whole[3:], fmt.Sprintf("%q lost its first zero; it is put back", s), false
	}
	return whole[:3] + "-" + whole[3:], "", false
}

var clock = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})(:00)?$`)

func cleanClock(cell, plain string) (string, string, bool) {
	m := clock.FindStringSubmatch(plain)
	if m == nil {
		return cell, fmt.Sprintf("%q is not a time (HH:MM)", cell), true
	}
	if h, _ := strconv.Atoi(m[1]); h > 24 || m[2] > "59" {
		return cell, fmt.Sprintf("%q is not a time (HH:MM)", cell), true
	}
	return fmt.Sprintf("%02s:%s", m[1], m[2]), "", false
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
