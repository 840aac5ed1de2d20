// Package insight owns what is counted about the town, and what of it may
// leave the office: 地域生活課題の傾向. It is pure: cases and counts become
// tallies, tallies become a report in which no small number stands and none
// can be worked out from the others (docs/adr/0010-hidden-small-numbers.md).
//
// It knows months, windows, towns and languages, never a resident: a tally
// holds no words, no names and no ids. Where tallies are kept is the store's.
//
//	month.go    months, the only periods there are
//	count.go    what is counted, and when
//	hide.go     what is hidden
//	report.go   tallies → report
//	compare.go  one period beside the one before
//	words.go    what is said about it in sentences, and the names of things
//	judge.go    what staff decide about it
//	tables.go   the tables of the page; page.go, page.html the page
//	data.go     the same as CSV and JSON
package insight
