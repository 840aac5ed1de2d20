// Package understand turns the words of one message into what the dialogue
// needs to know: which windows it is about (with calibrated scores), whether
// somebody is in danger, whose trouble it is, which town, and in which
// language to answer, each with its reasons.
//
// It owns the features, the statistical model with its training and its file
// form, the rules beside the model, and the scoring of all of it. It does not
// own the examples, lexicons and towns themselves (the content pack gives
// them as data), nor what is said or done with the result (package bot), nor
// the search for answers in a FAQ.
//
// Everything here is pure: no files, no network, no clock, no randomness
// other than the seed given. The same model and text always give the same
// result, and a Model may be used by many goroutines at once.
package understand
