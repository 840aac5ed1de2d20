package slack

import (
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// TestCardNamesTheTownsCoordinators: with who is away and who stands in, and
// that nobody has verified it.
func TestCardNamesTheTownsCoordinators(t *testing.T) {
	t.Parallel()
	shipped, _ := shippedContent(t)
	content := *shipped
	content.Coordinators.People = []bot.Coordinator{
		{Name: "見本 花子", Areas: []string{"第5"}, Verified: "no", Away: []bot.Absence{
			{From: "2026-01-05", To: "2026-01-06"}, {From: "2026-12-01", To: "2026-12-04", By: "見本 太郎"},
		}},
		{Name: "見本 太郎", Areas: []string{"第6"}, Verified: "2026-11-01"},
	}
	content.Index()
	c := aCase()
	c.Town = "柏町"
	shown := check(t, card(c, nil, &content, false, ""), false)
	if want := "*町の担当*\n見本 花子（未確認）（2026-12-01〜2026-12-04 休み、代わり 見本 太郎）"; !strings.Contains(shown, want) || strings.Contains(shown, "2026-01") {
		t.Errorf("%q is missing in\n%s", want, shown)
	}
	c.Town = ""
	if shown := check(t, card(c, nil, &content, false, ""), false); strings.Contains(shown, "町の担当") {
		t.Errorf("no town, and somebody looks after it:\n%s", shown)
	}
}
