package plain

import "strings"

// form is a form of する and the form of a verb that takes its place.
type form struct{ of, into string }

// forms lists forms of する, longer ones first.
func forms() []form {
	return []form{
		{"しなければなりません", "なければなりません"}, {"しましょう", "ましょう"}, {"しました", "ました"}, {"しません", "ません"},
		{"しないで", "ないで"}, {"しなくて", "なくて"}, {"することが", "る ことが"}, {"できません", "る ことが できません"}, {"できます", "る ことが できます"},
		{"できる", "る ことが できる"}, {"できない", "る ことが できない"}, {"してください", "て ください"}, {"して下さい", "て ください"},
		{"したい", "たい"}, {"しない", "ない"}, {"します", "ます"}, {"すれば", "ば"}, {"したら", "たら"}, {"して", "て"}, {"した", "た"}, {"する", "る"}, {"し", "ます形"},
	}
}

// conjugate gives a verb, written in dictionary form, in the form asked for;
// class is する5 (書く) or する1 (見る). A verb may have words before it: 手に
// 入れる. する itself, くる and 行く are known by their endings.
func conjugate(verb, class, into string) string {
	rs := []rune(verb)
	if len(rs) < 2 {
		return ""
	}
	stem, last := string(rs[:len(rs)-1]), string(rs[len(rs)-1])
	var neg, masu, te, cond string
	switch {
	case strings.HasSuffix(verb, "する"):
		stem = strings.TrimSuffix(verb, "する")
		neg, masu, te, cond = "し", "し", "して", "すれば"
	case class == "する1":
		if last != "る" {
			return ""
		}
		neg, masu, te, cond = "", "", "て", "れば"
	default:
		row := map[string][4]string{
			"う": {"わ", "い", "って", "えば"}, "く": {"か", "き", "いて", "けば"}, "ぐ": {"が", "ぎ", "いで", "げば"}, "す": {"さ", "し", "して", "せば"},
			"つ": {"た", "ち", "って", "てば"}, "ぬ": {"な", "に", "んで", "ねば"}, "ぶ": {"ば", "び", "んで", "べば"}, "む": {"ま", "み", "んで", "めば"}, "る": {"ら", "り", "って", "れば"},
		}
		f, ok := row[last]
		if !ok {
			return ""
		}
		neg, masu, te, cond = f[0], f[1], f[2], f[3]
		if strings.HasSuffix(verb, "行く") || strings.HasSuffix(verb, "いく") {
			te = "って"
		}
	}
	switch {
	case into == "て ください":
		return stem + te + " ください"
	case into == "て":
		return stem + te
	case into == "た", into == "たら":
		past := strings.TrimSuffix(te, "て") + "た"
		if strings.HasSuffix(te, "で") {
			past = strings.TrimSuffix(te, "で") + "だ"
		}
		return stem + past + strings.TrimPrefix(into, "た")
	case into == "ば":
		return stem + cond
	case into == "ます形":
		return stem + masu
	case strings.HasPrefix(into, "る"):
		return verb + strings.TrimPrefix(into, "る")
	case strings.HasPrefix(into, "な"):
		return stem + neg + into
	}
	return stem + masu + into // ます, ました, ません, ましょう, たい
}
