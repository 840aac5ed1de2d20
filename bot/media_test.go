package bot_test

import (
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// TestUnsaid: a message that was taken back leaves what was put together from
// it, and nothing else does.
func TestUnsaid(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("あ", 6000)
	for name, test := range map[string]struct{ words, message, want string }{
		"alone":      {"夫の借金", "夫の借金", ""},
		"trimmed":    {"家賃も", "家賃も \n", ""},
		"between":    {"家賃が\n夫の借金\n電気も", "夫の借金", "家賃が\n電気も"},
		"many lines": {"一\n\n二\n三", "一\n\n二", "三"},
		"short":      {"母は元気です\nは", "は", "母は元気です"},
		"cut":        {"家賃が\n" + long[:len("あ")*4996], long, "家賃が"},
		"other":      {"家賃が", "夫の借金", "家賃が"},
	} {
		if got := bot.Unsaid(test.words, test.message); got != test.want {
			t.Errorf("%s: got %.30q, want %.30q", name, got, test.want)
		}
	}
}
