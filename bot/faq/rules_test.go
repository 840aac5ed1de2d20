package faq

import (
	"os"
	"strings"
	"testing"
)

// rulesForFit reads the pack's civic lexicon without package intents, which
// imports this one.
func rulesForFit(t testing.TB) []Rule {
	t.Helper()
	b, err := os.ReadFile("../../intents/civic.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rules []Rule
	for line := range strings.SplitSeq(string(b), "\n") {
		say, means, ok := strings.Cut(line, ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		rules = append(rules, Rule{Say: strings.Split(say, ","), Means: strings.Split(means, ",")})
	}
	return rules
}
