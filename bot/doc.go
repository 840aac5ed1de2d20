// Package bot decides what Tsunagu does. Step takes what is known of one
// resident (State) and one thing that happened (Input), and returns the new
// state and the effects that must become true.
//
// The package touches nothing: no clock, network, database, randomness or
// goroutine. The same arguments always give the same result, so every
// conversation can be kept as a story (testdata/stories) and replayed.
//
// A message walks through these rooms, and the first that answers ends the
// walk (see Step):
//
//	danger      suicide, violence, illness, hunger …: in every state, first
//	settings    "やさしい日本語で", "English please", "もう送らないで"
//	people      a case is open: the words go to staff, the bot is quiet
//	question    the bot has asked something: is this the answer?
//	understand  words → windows, volunteer work, or one clarifying question
//
// What the bot may say stands in the content pack (Content), never here.
package bot
