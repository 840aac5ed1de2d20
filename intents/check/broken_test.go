package check_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tsunagu-chat/tsunagu/intents/check"
)

// breakage is one way to break a pack, and what must be said about it.
type breakage struct {
	name     string
	file     string
	old, new string // old is replaced once; "" appends new
	says     string
	at       string // file of the finding; "" is file
}

// TestBrokenPacks breaks the pack in every way the check knows of: several
// files at a time, so that no finding hides another.
func TestBrokenPacks(t *testing.T) {
	t.Parallel()
	base := small(t)
	if r := check.Pack(base, check.Options{Now: now}); r.Errors() > 0 {
		t.Fatalf("the small pack is broken itself: %v", r.Findings)
	}
	const housing, dv, ja, city = "windows/housing.yaml", "windows/dv.yaml", "replies/ja.yaml", "city.yaml"
	var packs [][]breakage
next:
	for _, b := range []breakage{
		{"not YAML", housing, "\nplain:\n", "\nplain: [\n", "this is not YAML", ""},
		{"unknown key", housing, "\nmenu: true", "\nmeny: true", `nobody knows the key "meny" here — did you mean menu?`, ""},
		{"unknown key inside", dv, "    source: ", "    sourse: ", "did you mean source?", ""},
		{"key twice", housing, "\nmenu: true", "\nmenu: true\nmenu: true", `"menu" stands twice`, ""},
		{"wrong type: bool", housing, "people: true", `people: "yes"`, "stands where true or false belongs", ""},
		{"wrong type: number", housing, "\norder: 8", "\norder: eight", "stands where a number belongs", ""},
		{"wrong type: text", "hotlines.yaml", `number: "110"`, "number: 110", "put it into quotation marks", ""},
		{"wrong type: list", housing, "\nrelated:", "\nserves: {areas: 第1}\nrelated:", "where a list", ""},
		{"wrong type: group", housing, "\nteam: life", "\nteam: [life]", "a list stands where a text belongs", ""},
		{"no choice", housing, "kind: consultation", "kind: consulting", `"consulting" is none of the values of kind`, ""},
		{"unknown language", housing, "  vi: ", "  vn: ", `"vn" is no language of the pack`, ""},
		{"file nobody reads", "windows.yaml", "", "a: b", "nobody reads it", ""},
		{"missing file", "towns.yaml", "*", "", "cannot be read", ""},
		{"missing folder file", "replies/vi.yaml", "*", "", "cannot be read", ""},
		{"missing variant", housing, "  ko: 주거 상담\n", "", "the text has no ko", ""},
		{"not translated", housing, "en: Housing", "en: 住まい", "is it translated?", ""},
		{"kana in Chinese", housing, "zh: 住房咨询", "zh: 住まい", "is it translated?", ""},
		{"lost letter", housing, "en: Housing", "en: Hous\ufffdng", "a letter got lost", ""},
		{"blanks around", housing, "en: Housing", `en: "Housing "`, "blanks stand before or after", ""},
		{"window id", housing, "id: housing", "id: house", "the file's name says otherwise", ""},
		{"no id", housing, "id: housing", `id: ""`, "the window has no id", ""},
		{"same window twice", "windows/copy.yaml", "*", "id: housing", "has the id housing already", "windows/housing.yaml"},
		{"needed window gone", "windows/human.yaml", "*", "", "the window human is needed", ""},
		{"no text at all", "windows/elder-care.yaml", "\nthen:", "\nbring:", "the window has no then", ""},
		{"no team", housing, "\nteam: life", "\nteam: \"\"", "it has no team", ""},
		{"related to nothing", housing, "related:\n", "related:\n  - houses\n", `there is no window "houses"`, ""},
		{"related to itself", housing, "related:\n", "related:\n  - housing\n", "is the window itself", ""},
		{"form of nothing", "windows/volunteer.yaml", "form: volunteer", "form: volunter", `there is no form "volunter"`, ""},
		{"area of nothing", housing, "\nteam:", "\nserves: {areas: [第9], verified: \"no\"}\nteam:", `there is no area "第9"`, ""},
		{"window without examples", "examples/garbage.txt", "*", "", "nobody can reach the window", "windows/garbage.yaml"},
		{"two buttons alike", "windows/legal.yaml", "choice:\n  ja: ", "choice:\n  ja: 生活保護のこと #", "the button says the same as that of", "windows/public-assistance.yaml"},
		{"review of no day", housing, `reviewed: "no"`, "reviewed: soon", `reviewed is "soon"`, ""},
		{"name too long", housing, "en: Housing", "en: " + strings.Repeat("Housing ", 6) + "now", "there is room for 40", ""},
		{"choice too long", ja, "choice.wrong: ちがう", "choice.wrong: " + strings.Repeat("ちがう", 7), "there is room for 20", ""},
		{"text too long", ja, "greeting: ", "greeting: " + strings.Repeat("こんにちは", 1001), "there is room for 5000", ""},
		{"reply missing", ja, "thanks: ", "thanx: ", "the reply thanks is missing", ""},
		{"reply of no key", ja, "thanks: ", "thanx: ", "no sentence of the program has the key thanx", ""},
		{"placeholder unknown", ja, "{soon}", "{sooner}", "{sooner} is not filled in handover.done", ""},
		{"placeholder left out", ja, "{name}に届けました", "届けました", "people.passed.to has no {name}: words would be missing", ""},
		{"number left out", "replies/en.yaml", "{number}", "(number)", "a number would be missing", ""},
		{"brace alone", ja, "{office}", "{office", "a brace { or } stands alone", ""},
		{"phone", dv, "042-522-4232", "042 522 4232", "is no telephone number", ""},
		{"contact of no kind", dv, "kind: phone", "kind: pigeon", "none of the values of kind", ""},
		{"address", dv, "kind: phone", "kind: url", "is no https address", ""},
		{"verified soon", dv, `verified: "no"`, "verified: soon", `verified is "soon"`, ""},
		{"verified tomorrow", dv, `verified: "no"`, `verified: "2027-01-01"`, "lies in the future", ""},
		{"verified nowhere", dv, "source: \"2021年の資料。2024年に名前が変わったので、番号も名前も要確認\"\n    verified: \"no\"", `verified: "2026-11-01"`, "nobody knows where", ""},
		{"place without name", housing, "\nteam:", "\nplaces: [{address: 見本町1, verified: \"no\"}]\nteam:", "the place has no name", ""},
		{"place at sea", housing, "\nteam:", "\nplaces: [{address: 見本町1, lat: 139.4, lon: 35.7, verified: \"no\"}]\nteam:", "is not in Japan", ""},
		{"half a coordinate", housing, "\nteam:", "\nplaces: [{address: 見本町1, lat: 35.7, verified: \"no\"}]\nteam:", "only one of lat and lon", ""},
		{"access nobody knows", housing, "\nteam:", "\nplaces: [{access: [{id: slide}]}]\nteam:", `"slide" is none of the values`, ""},
		{"day that passed", housing, "\nteam:", "\noutreach: [{date: \"2026-11-01\", from: \"10:00\", to: \"12:00\", verified: \"no\"}]\nteam:", "2026-11-01 has passed", ""},
		{"no day", housing, "\nteam:", "\noutreach: [{date: \"2026-02-30\", from: \"10:00\", to: \"12:00\", verified: \"no\"}]\nteam:", `"2026-02-30" is no day`, ""},
		{"hours swapped", city, `mon: [{from: "08:30", to: "17:15"}]`, `mon: [{from: "17:15", to: "08:30"}]`, "swap from and to", ""},
		{"hours overlap", city, `mon: [{from: "08:30", to: "17:15"}]`, `mon: [{from: "08:30", to: "17:15"}, {from: "12:00", to: "18:00"}]`, "overlap", ""},
		{"hours of nothing", city, `mon: [{from: "08:30"`, `mon: [{from: "8:30"`, "are no times", ""},
		{"hours of no length", city, `mon: [{from: "08:30", to: "17:15"}]`, `mon: [{from: "08:30", to: "08:30"}]`, "opens and closes at", ""},
		{"day of no week", city, "    mon:", "    monday:", `"monday" is none of the values of week`, ""},
		{"follow-up before the end", city, "days: [14, 30]", "days: [0, 30]", "nobody can be asked 0 days after the end", ""},
		{"follow-up out of order", city, "days: [14, 30]", "days: [30, 14]", "14 does not come after 30", ""},
		{"year end", city, `["12-29", "01-03"]`, `["29-12", "01-03"]`, "year_end is", ""},
		{"exception passed", city, "  year_end:", "  except: {\"2026-01-05\": []}\n  year_end:", "2026-01-05 has passed", ""},
		{"danger to no window", "dangers.yaml", "window: suicide", "window: suicid", `there is no window "suicid"`, ""},
		{"danger of no number", "dangers.yaml", `"0120-279-338"`, `"0120-000-000"`, `there is no hotline "0120-000-000"`, ""},
		{"danger forgotten", "dangers.yaml", "kind: fraud", "kind: fire", "nothing is said about the danger fraud", ""},
		{"danger without a verified number", "dangers.yaml", `numbers: ["110", "0570-003-110"]`, `numbers: ["042-529-8300"]`, "nobody would see a number", ""},
		{"hotline twice", "hotlines.yaml", `number: "119"`, `number: "110"`, "110 stands twice", ""},
		{"hotline number", "hotlines.yaml", `number: "119"`, `number: "119番"`, "is no number", ""},
		{"hotline of no window", "hotlines.yaml", "windows: [dv]", "windows: [vd]", `there is no window "vd"`, ""},
		{"town of no area", "towns.yaml", "area: 第1", "area: 第7", `there is no area "第7"`, ""},
		{"reading", "towns.yaml", "kana: ふじみちょう", "kana: フジミチョウ", "is no reading", ""},
		{"chome", "towns.yaml", `chome: "1-7"`, `chome: "7-1"`, "says nothing about 丁目", ""},
		{"alias of two towns", "towns.yaml", "[柴崎, ", "[柴崎, 富士見, ", `"富士見" already means 富士見町`, ""},
		{"role in no town", "opportunities.yaml", "    - 上砂町", "    - 下砂町", `there is no town "下砂町"`, ""},
		{"role of no skill", "opportunities.yaml", "    - outdoors", "    - indoors", `there is no skill "indoors"`, ""},
		{"role twice", "opportunities.yaml", "id: salon-teacher", "id: morning-greeting", "stands twice", ""},
		{"option twice", "forms/volunteer.yaml", "- id: tue", "- id: mon", "stands twice", ""},
		{"meaning nobody knows", "says.yaml", "means: change", "means: chance", `the program knows no meaning "chance"`, ""},
		{"one text, two meanings", "says.yaml", "    - 直したい\n", "    - 直したい\n    - はい\n", `"はい" means yes already`, ""},
		{"meaning of no window", "says.yaml", "which:housing ", "which:house ", `there is no window "house"`, ""},
		{"example, two windows", "examples/garbage.txt", "", "\n家賃が払えません困りましたテスト\t=housing\n家賃が払えません困りましたテスト\n", "the same words at", ""},
		{"example twice", "examples/garbage.txt", "", "\n粗大ごみの申し込みテスト\n粗大ごみの申し込みテスト\n", "the same words stand at", ""},
		{"example of no window", "examples/garbage.txt", "", "\nごみのことテスト\t+garbages\n", `unknown window "garbages"`, ""},
		{"example with a wrong tag", "examples/garbage.txt", "", "\nごみのことテスト\t?what\n", "unknown tag", ""},
		{"cue of no danger", "cues.yaml", `kind: "suicide"`, `kind: "suicid"`, "is no kind of danger", ""},
		{"cue of no weight", "cues.yaml", "weight: sure", "weight: shure", "none of the values of weight", ""},
		{"concept twice", "lexicon.yaml", `id: "no-money"`, `id: "money"`, `"money" stands twice`, ""},
		{"levels out of order", "duty.yaml", "after: 10", "after: 5", "level 2 comes after 5 minutes, the one before it after 5", ""},
		{"level before it waits", "duty.yaml", "after: 5", "after: 0", "after is 0", ""},
		{"level after days", "duty.yaml", "after: 15", "after: 2880", "after is 2880 minutes", ""},
		{"call of nobody", "duty.yaml", "call: [channel]", "call: []", "level 2 calls nobody", ""},
		{"call misspelt", "duty.yaml", "call: [here, duty]", "call: [hear, duty]", `nobody is called "hear" — did you mean here?`, ""},
		{"call by name", "duty.yaml", "call: [lead]", "call: [田中]", `nobody is called "田中"`, ""},
		{"called all the time", "duty.yaml", "again: 30", "again: 1", "every 1 minutes", ""},
		{"called never and less", "duty.yaml", "again: 30", "again: -1", "again is -1", ""},
		{"quiet for hours", "duty.yaml", "quiet: 10", "quiet: 180", "quiet is 180", ""},
		{"role nobody knows", "duty.yaml", "people: []", "people: [{id: U012ABCDEF, role: boss}]", `"boss" is none of the values of role`, ""},
		{"person by name", "duty.yaml", "people: []", "people: [{id: 田中, role: lead}]", `"田中" is no Slack member id`, ""},
		{"person twice", "duty.yaml", "people: []", "people: [{id: U012ABCDEF, role: lead}, {id: U012ABCDEF, role: admin}]", "stands twice", ""},
		{"person of nothing", "duty.yaml", "people: []", "people: [{id: U012ABCDEF}]", "nothing is said about U012ABCDEF", ""},
		{"coordinator of no area", "coordinators.yaml", "people: []", "people: [{name: 見本 花子, areas: [第9], source: 見本, verified: \"no\"}]", `there is no area "第9"`, ""},
		{"coordinator away backwards", "coordinators.yaml", "people: []", "people: [{name: 見本 花子, areas: [第5], away: [{from: \"2026-12-04\", to: \"2026-12-01\"}], source: 見本, verified: \"no\"}]", "before it begins", ""},
		{"coordinator replaced by nobody", "coordinators.yaml", "people: []", "people: [{name: 見本 花子, areas: [第5], away: [{from: \"2026-12-01\", to: \"2026-12-04\", by: 見本 次郎}], source: 見本, verified: \"no\"}]", `nobody else is called "見本 次郎"`, ""},
		{"untold twice", "limits.yaml", "id: school", "id: family", "the id \"family\" is none, or stands twice", ""},
		{"untold of no window", "limits.yaml", "[public-assistance]", "[public-asistance]", `there is no window "public-asistance"`, ""},
		{"untold with a long name", "limits.yaml", "ja: 大家さん", "ja: 大家さんと管理会社と不動産屋さんとその家族の人たち", "there is room for 20", ""},
		{"one word, two untold", "limits.yaml", "words: [学校,", "words: [家族, 学校,", `"家族" means family already`, ""},
		{"pause of a month", "duty.yaml", "pause: 48", "pause: 720", "pause is 720 hours: 30 days", ""},
		{"pause below none", "duty.yaml", "pause: 48", "pause: -1", "pause is -1", ""},
		{"answer of a month", "duty.yaml", "within: 24", "within: 720", "answer.within is 720 hours: 30 days", ""},
		{"answer below none", "duty.yaml", "team: 4", "team: -1", "answer.team is -1", ""},
		{"debrief after a month", "duty.yaml", "debrief: 24", "debrief: 720", "debrief is 720 hours", ""},
		{"heavy of no number", "duty.yaml", "debrief: 24", "debrief: soon", "stands where a number belongs", ""},
		{"shelters without origin", "shelters.csv", "", shelterRow, "nobody knows where the 1 rows", "lists.yaml"},
		{"shelter cell", "shelters.csv", "", strings.Replace(shelterRow, "35.7", "north", 1), "緯度", ""},
		{"not a list", "facilities.csv", "*", "a,b\n1,2\n", "neither those of the shelter list", ""},
		{"said about suicide", "windows/suicide.yaml", "そのまま話せます。", "そのまま話せます。死なないで。", `"死なないで" must not be said here`, ""},
		{"exclamation in danger", ja, "danger.suicide: 話してくれてありがとうございます。", "danger.suicide: 話してくれてありがとうございます！", "an exclamation mark", ""},
		{"exclamation in English", "replies/en.yaml", "danger.suicide: Thank you for telling us.", "danger.suicide: Thank you for telling us!", "an exclamation mark", ""},
		{"DV's trace", dv, "見られるかもしれません", "安全です", "it does not say このトークは見られるかもしれないこと", ""},
		{"abuse's number", "windows/child-abuse.yaml", "Please call 189", "Please call", "it does not say 189", ""},
		{"right to assistance", "windows/public-assistance.yaml", "「生活保護の申請は国民の権利です」（厚生", "「申請は市が決めます」（厚生", "it does not say 申請は権利であること", ""},
		{"blame of the poor", "windows/self-reliance.yaml", "まとめて相談できます。", "まとめて相談できます。自己責任です。", `"自己責任" must not be said here`, ""},
		{"loan without return", "windows/emergency-loan.yaml", "and the money has to be paid back", "and that is all", "it does not say 返すお金であること", ""},
		{"abolished word", "windows/disaster-info.yaml", "警報、給水", "避難勧告、給水", `"避難勧告" must not be said here`, ""},
		{"promise of safety", ja, "\nplace.unknown: ", "\nplace.unknown: ここは絶対に安全です。", `"絶対に安全" must not be said here`, ""},
		{"rule about no window", "wording.yaml", "windows: [suicide]", "windows: [suicides]", `there is no window "suicides"`, ""},
		{"rule of nothing", "wording.yaml", "", "\n- subject: 何もない\n  windows: [dv]\n", "asks for nothing", ""},
		{"confirmation of nothing", "translations.yaml", "[]", "- {file: windows/none.yaml, lang: vi, by: 通訳, on: \"2026-11-01\", of: abcd}", "has no texts in vi", ""},
	} {
		for i, pack := range packs {
			if b.old != "*" && !slices.ContainsFunc(pack, func(o breakage) bool { return o.file == b.file || o.at == b.file || o.old == "*" }) {
				packs[i] = append(pack, b)
				continue next
			}
		}
		packs = append(packs, []breakage{b})
	}
	for i, pack := range packs {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			broken(t, base, pack)
		})
	}
}

var shelterRow = strings.TrimSpace("132021,1,見本小学校,,,,,見本町1,,,,,,35.7,139.4") + strings.Repeat(",", 24) + "\n"

func broken(t *testing.T, base fstest.MapFS, pack []breakage) {
	t.Helper()
	dir := clone(base)
	for _, b := range pack {
		text := ""
		if f, ok := dir[b.file]; ok {
			text = string(f.Data)
		}
		switch {
		case b.old == "*" && b.new == "":
			delete(dir, b.file)
			continue
		case b.old == "*":
			text = b.new
		case b.old == "":
			text += b.new
		case !strings.Contains(text, b.old):
			t.Fatalf("%s has no %q to break", b.file, b.old)
		default:
			text = strings.Replace(text, b.old, b.new, 1)
		}
		dir[b.file] = &fstest.MapFile{Data: []byte(text)}
	}
	r := check.Pack(dir, check.Options{Now: now})
	for _, b := range pack {
		b.look(t, r)
	}
}

// look finds what must be said about a breakage, with line and mend.
func (b breakage) look(t *testing.T, r check.Report) {
	t.Helper()
	file := cmp.Or(b.at, b.file)
	var all []string
	for _, f := range r.Findings {
		if f.File == file {
			all = append(all, string(f.Level)+" "+f.String())
		}
		if f.Level != check.Error || f.File != file || !strings.Contains(f.String(), b.says) {
			continue
		}
		if f.Mend == "" && !strings.HasPrefix(file, "examples/") {
			t.Errorf("%s: %s: nothing says how to mend it", b.name, f)
		}
		if b.old != "*" && f.Line == 0 {
			t.Errorf("%s: %s: no line", b.name, f)
		}
		return
	}
	t.Errorf("%s: got\n%s\nwant an error in %s: %s", b.name, strings.Join(all, "\n"), file, b.says)
}
