package disclosure_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/disclosure"
)

var at = time.Date(2026, 11, 24, 1, 5, 0, 0, time.UTC)

// whole is somebody of whom everything is kept.
func whole() disclosure.Kept {
	tanaka := desk.Staff{ID: "U0TANAKA00", Name: "田中"}
	c := desk.Case{
		ID: "c-1", Resident: "r-a", Window: "housing", Danger: "dv", Lang: bot.EasyJa, Town: "柏町", Summary: "家を出たい", About: "母",
		Status: desk.Closed, Holder: tanaka, OpenedAt: at, ClosedAt: at.Add(time.Hour), Outcome: desk.Connected, Where: "支援センター",
		Moves:    []desk.Move{{From: "human", To: "housing", Why: "口外しない理由", At: at}},
		Team:     []desk.Member{{Window: "work", Does: "口外しないたのみ"}},
		Next:     &desk.Next{Text: "口外しない予定", Due: at},
		Tags:     []string{"口外しない札"},
		Plan:     &bot.Plan{Goal: "しずかにくらす", Steps: []bot.Step{{Text: "見学する", Who: bot.StepBoth, By: "2026-12-01", Done: true}}, Agreed: at},
		Consents: []desk.Consent{{With: "女性センター", What: "住む所", Text: "伝えてもいいですか", Version: "v7", State: desk.ConsentRevoked, By: tanaka, At: at, Ended: at.Add(time.Minute)}},
		Rating:   &desk.Rating{Score: 3, Words: "助かった", At: at},
	}
	entry := func(kind desk.EntryKind, text string) desk.Entry {
		return desk.Entry{ID: text, Case: "c-1", At: at, Kind: kind, By: tanaka, Text: text}
	}
	note := func(kind bot.NoteKind, text string) desk.Entry {
		e := entry(desk.FromBot, text)
		e.Note = kind
		return e
	}
	photo := desk.Entry{At: at, Kind: desk.FromResident, Media: bot.Image, MessageID: "77"}
	unsent := desk.Entry{At: at, Kind: desk.FromResident, Unsent: true}
	back := entry(desk.FromStaff, "口外しない下書き")
	back.Fate = desk.Withdrawn
	return disclosure.Kept{
		Resident: "r-a", Contact: "Uffffffffffffffffffffffffffffffff", Since: at, Last: at.Add(time.Hour), Blocked: true,
		State: bot.State{
			Lang: bot.EasyJa, LangChosen: true, Town: "柏町", Quiet: true, Danger: "dv", DangerAt: at, Other: true, About: "母", NoNews: true,
			Shown: []string{"housing"}, Heard: []bot.Heard{{Text: "まだ伝えていない話", At: at}}, Draft: &bot.Draft{Summary: "下書きの話"},
		},
		Cases: []disclosure.Case{{Case: c, Entries: []desk.Entry{
			entry(desk.FromResident, "<b>家を出たい</b>"), photo, unsent, entry(desk.FromStaff, "会って話しましょう"), back,
			note(desk.NoteConsentYes, "女性センター"), note(desk.NoteOfferRefused, "work\n口外しない事情"), entry(desk.Memo, "口外しないメモ"),
		}}},
		Files:   []disclosure.File{{ID: "77", MIME: "image/jpeg", Size: 3000, Path: "files/001.jpg", Expires: at.Add(time.Hour)}},
		Lessons: []disclosure.Lesson{{Text: "学んでよい話", At: at}},
		Waiting: 2,
	}
}

func page(t *testing.T, r disclosure.Record) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Page(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRecord: everything that is the resident's own, and nothing that staff
// wrote for staff, in both forms.
func TestRecord(t *testing.T) {
	t.Parallel()
	r := disclosure.Of(whole(), disclosure.Options{At: at, Content: &bot.Content{}})
	raw, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(raw))
	for name, text := range map[string]string{"JSON": plain, "page": page(t, r)} {
		for _, want := range []string{
			"2026年11月24日（火）10:05", "やさしい日本語", "柏町", "母", "まだ伝えていない話", "下書きの話", "家を出たい", "ほかにつないだ", "支援センター",
			"しずかにくらす", "見学する", "女性センター", "伝えてもいいですか", "v7", "取り消した", "助かった", "［写真］", "会って話しましょう",
			"files/001.jpg", "学んでよい話", "（ご本人が取り消しました）", (desk.Case{ID: "c-1"}).Number(), "職員のあいだのメモ",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		for _, never := range []string{"口外しない", "Uffff", "U0TANAKA00"} {
			if strings.Contains(text, never) {
				t.Errorf("%s tells %q", name, never)
			}
		}
	}
	if got := page(t, r); strings.Contains(got, "<b>家") || strings.Contains(got, "http") {
		t.Error("the page lets words become markup, or asks the network for something")
	}
	memos, work := 0, 0
	for _, l := range r.NotIncluded {
		switch l.Kind {
		case "memos":
			memos = l.Count
		case "work":
			work = l.Count
		}
		if l.What == "" || l.Why == "" {
			t.Errorf("left out without a reason: %+v", l)
		}
	}
	if memos != 1 || work != 5 { // reason of the move, promise, tag, withdrawn reply, refusal
		t.Errorf("left out: %d memos, %d others; want 1 and 5", memos, work)
	}
}

// TestRecordWithMemos is what the office decided to give.
func TestRecordWithMemos(t *testing.T) {
	t.Parallel()
	r := disclosure.Of(whole(), disclosure.Options{At: at, Content: &bot.Content{}, Memos: true, Contact: true})
	raw, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"口外しないメモ", "口外しない理由", "口外しない予定", "口外しない札", "口外しない下書き", "口外しない事情", "Uffff"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("with memos it lacks %q", want)
		}
	}
	for _, l := range r.NotIncluded {
		if l.Kind == "memos" || l.Kind == "work" || l.Kind == "lineUserId" {
			t.Errorf("said to be left out: %+v", l)
		}
	}
}

// TestFieldsStay holds the names of the format: programs read them.
func TestFieldsStay(t *testing.T) {
	t.Parallel()
	raw, err := disclosure.Of(whole(), disclosure.Options{At: at, Content: &bot.Content{}, Memos: true, Contact: true}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	has := func(in any, names ...string) {
		t.Helper()
		if list, ok := in.([]any); ok {
			in = list[0]
		}
		m, _ := in.(map[string]any)
		for _, n := range names {
			if _, ok := m[n]; !ok {
				t.Errorf("the field %s is gone", n)
			}
		}
	}
	has(got, "format", "office", "made", "reference", "lineUserId", "since", "last", "blocked", "noticed", "notHandedOver", "cases", "files",
		"allowedForLearning", "notIncluded", "notKept")
	has(got["made"], "iso", "ja")
	has(got["noticed"], "kind", "about", "is")
	has(got["cases"], "number", "window", "status", "statusJa", "opened", "closed", "outcome", "goesOnAt", "about", "danger", "language", "town", "staff",
		"summary", "furtherWindows", "moves", "promise", "plan", "consents", "rating", "tags", "history")
	first, _ := got["cases"].([]any)[0].(map[string]any)
	has(first["consents"], "with", "what", "text", "textVersion", "state", "stateJa", "asked", "ended", "staff")
	has(first["plan"], "goal", "steps", "agreed")
	has(first["history"], "at", "kind", "from", "text")
	has(got["files"], "path", "from", "type", "bytes", "deletedAt")
}

// TestEmptyRecord: somebody of whom next to nothing is kept can read it, too.
func TestEmptyRecord(t *testing.T) {
	t.Parallel()
	r := disclosure.Of(disclosure.Kept{Resident: "r-a"}, disclosure.Options{At: at, Content: &bot.Content{}})
	if got := page(t, r); !strings.Contains(got, "職員に伝えた相談はありません") {
		t.Errorf("the page of a stranger: %s", got)
	}
	raw, err := r.JSON()
	if err != nil || !strings.Contains(string(raw), `"cases": []`) {
		t.Errorf("as JSON: %s, %v", raw, err)
	}
}
