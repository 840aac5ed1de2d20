package intents

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/tsunagu-chat/tsunagu/bot/faq"
)

// civicFile leads from everyday words to those of the city hall. A pack may do
// without.
const civicFile = "civic.yaml"

// civic reads lines "word, other word: official word, another", in order.
func (r *reader) civic() []faq.Rule {
	if !r.has(civicFile) {
		return nil
	}
	var lines yaml.MapSlice
	r.yaml(civicFile, &lines)
	rules := make([]faq.Rule, 0, len(lines))
	for _, item := range lines {
		rule := faq.Rule{Say: split(fmt.Sprint(item.Key)), Means: split(fmt.Sprint(item.Value))}
		if len(rule.Say) == 0 || len(rule.Means) == 0 {
			r.fail(civicFile, 0, "%q leads nowhere", fmt.Sprint(item.Key))
			continue
		}
		rules = append(rules, rule)
	}
	return rules
}

func split(s string) []string {
	var out []string
	for part := range strings.SplitSeq(strings.NewReplacer("、", ",", "，", ",").Replace(s), ",") {
		if part = strings.TrimSpace(part); part != "" && part != "<nil>" {
			out = append(out, part)
		}
	}
	return out
}
