package understand

import "strings"

// SameWords is a key that two messages share when the model reads the same in
// them: width, case, katakana for hiragana, blanks and stretched letters do
// not count.
func SameWords(text string) string { return strings.ReplaceAll(normalise(text), " ", "") }
