// Package faq finds, in a pack's question–answer pairs, those that answer a
// question asked in anybody's words: everyday Japanese, hiragana only, a
// learner's spelling, romaji, English.
//
// It owns the index, the search, and how sure a first hit is. It does not own
// the pairs (package intents reads them), nor what is said with them (package
// bot). Like all of bot it is pure: the same entries and the same query always
// give the same hits, in bounded time.
//
// Five channels score every entry, each divided by its best score for the
// query before they are added: B, the words' dictionary forms (BM25F); R, their
// readings; C, characters singly and in pairs; L, latent semantics of C; and,
// for questions in kana only, K, the readings by threes. What share of an
// entry's question the query covers is added. A lexicon leads from residents'
// words to those of the city hall. docs/understanding-faq.md has what each part
// is worth.
package faq
