package intents

import "github.com/tsunagu-chat/tsunagu/bot"

// Wording is what must and must not be said about one subject, kept by the
// people who know why: "tsunagu check" holds the pack to it.
type Wording struct {
	Subject string                `yaml:"subject"`
	Why     string                `yaml:"why"`
	Windows []string              `yaml:"windows"` // whose sentences it is about
	Replies []string              `yaml:"replies"` // and which replies, by the beginning of their keys; "*" for all
	Must    []Must                `yaml:"must"`
	Never   map[bot.Lang][]string `yaml:"never"` // words that must not be read there
	Calm    bool                  `yaml:"calm"`  // no exclamation marks
}

// Must is something that has to be said, in one of several ways.
type Must struct {
	What  string                `yaml:"what"`
	In    string                `yaml:"in"`  // a window's plain, always, then or bring; a reply's key; empty: anywhere in the subject
	Any   map[bot.Lang][]string `yaml:"any"` // one of these words has to stand there, in each language named
	Every []string              `yaml:"all"` // all of these have to, in every language (numbers)
}

// Confirmation says that a native speaker has read the texts of a file in a
// language. Of is the hash "tsunagu check --live" gives for them: a text that
// changes later is unconfirmed again.
type Confirmation struct {
	File string   `yaml:"file"`
	Lang bot.Lang `yaml:"lang"`
	By   string   `yaml:"by"` // a role, not a name
	On   string   `yaml:"on"` // YYYY-MM-DD
	Of   string   `yaml:"of"`
}
