// Package plain reads and mends easy Japanese (やさしい日本語): it checks text
// against the rules R01 to R32 of docs/easy-japanese.md, adds furigana where the
// reading is certain, and mends what can be mended without changing the sense.
//
// It owns no words: hard words, word lists, readings and school grades come from
// the content pack (intents/plain), so that people who know the language keep
// them. It touches neither network nor disk nor clock; the same arguments always
// give the same result. It does not translate and does not invent: what it is
// not sure of stays as it was, and the checker says so.
//
// Furigana is written 漢字（かんじ） or 漢字(かんじ): the kana in the brackets
// are read over the kanji (and digits, 20日（はつか）) just before them.
package plain
