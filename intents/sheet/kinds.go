package sheet

import (
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents/schema"
)

// kind is one sheet: what its rows are and where they stand.
type kind struct {
	name    string // of the sheet
	about   string // one line for the first sheet
	columns []column
	ident   int  // how many columns, from the left, say which item a row is
	own     bool // the last of them is an id of its own: no two rows may share them
	facet   bool // further columns of items that another sheet holds: no row is added or removed here
	source  source
}

// source reads rows from the pack's files and writes them back.
type source interface {
	rows(*texts) ([]row, error)
	set(t *texts, r row, c column, value string) error
	remove(t *texts, r row) error
	// add writes a new item behind prev, or at the end of its list when prev
	// is nil, and returns where it stands.
	add(t *texts, k *kind, cells []string, prev *row) (row, error)
	// place is the file and line of a row's cell.
	place(t *texts, r row, c column) (string, int)
}

// row is one item as it stands in the files.
type row struct {
	file  string
	at    []int // the way down to it: a place in each list
	line  int
	cells []string
	grew  int // of an added row: how many places in its list it took, 0 for one
}

// kinds are the sheets, in their order. A sheet comes behind those whose items
// its rows belong to.
func kinds() []*kind {
	window := func(name, about string, own bool, lists, ids []string) *kind {
		return yamlKind(name, about, "windows/*.yaml", own, lists, ids, nil, nil)
	}
	return []*kind{
		yamlKind("窓口", "窓口の名前と説明。1行が1つの窓口です。", "windows/*.yaml", true, nil, nil, nil, []string{"after", "hours", "serves"}),
		facet(yamlKind("受付時間", "窓口ごとの受付時間。空の窓口は、市の職員が返事をする時間と同じです。", "windows/*.yaml", true, nil, nil, []string{"hours"}, nil)),
		facet(yamlKind("相談のあと", "話したあとのこと（だれが・いつ・お金・秘密）。確かめた日があるものだけが住民に見えます。", "windows/*.yaml", true, nil, nil, []string{"after"}, nil)),
		facet(yamlKind("受け持つ地域", "窓口が受け持つ圏域。空は市内の全部です。", "windows/*.yaml", true, nil, nil, []string{"serves"}, nil)),
		window("話せること", "窓口で話せること。住民の言葉で。", false, []string{"can"}, []string{"id"}),
		window("連絡先", "窓口の電話やメール。確かめた日があるものだけが住民に見えます。", false, []string{"contacts"}, []string{"id"}),
		window("場所", "窓口の場所。", false, []string{"places"}, []string{"id"}),
		window("場所の設備", "場所ごとの、車いす・手話など。", false, []string{"places", "access"}, []string{"id", "address"}),
		window("話せることば", "窓口で話せる言語。", false, []string{"languages"}, []string{"id"}),
		window("出張相談会", "職員が町へ行く日。", false, []string{"outreach"}, []string{"id"}),
		repliesKind(),
		yamlKind("電話番号", "全国や東京都の電話番号。この順番で住民に見えます。", "hotlines.yaml", true, []string{""}, []string{""}, nil, nil),
		yamlKind("危険", "危険の種類ごとに、知らせる窓口と先に見せる番号。", "dangers.yaml", true, []string{""}, []string{""}, nil, nil),
		yamlKind("町", "町と、その圏域。", "towns.yaml", true, []string{""}, []string{""}, nil, nil),
		yamlKind("圏域", "日常生活圏域。", "areas.yaml", true, []string{""}, []string{""}, nil, nil),
		yamlKind("活動", "参加できる活動。", "opportunities.yaml", true, []string{""}, []string{""}, nil, nil),
		yamlKind("質問", "参加の前に聞くこと。", "forms/*.yaml", true, []string{"fields"}, []string{"id"}, nil, nil),
		yamlKind("質問の答え", "答えのボタンと、見つける言葉。", "forms/*.yaml", true, []string{"fields", "options"}, []string{"id", "id"}, nil, nil),
		yamlKind("短い言葉", "住民が短く書く言葉の意味。", "says.yaml", true, []string{""}, []string{""}, nil, nil),
		yamlKind("言葉の決まり", "言わないこと。", "wording.yaml", true, []string{""}, []string{""}, nil, nil),
		yamlKind("必ず言うこと", "決まりごとに、必ず言うこと。", "wording.yaml", false, []string{"", "must"}, []string{"", "subject"}, nil, nil),
		yamlKind("翻訳の確認", "その言語を母語にする人が確かめた記録。", "translations.yaml", false, []string{""}, []string{""}, nil, nil),
		yamlKind("語彙", "ふだんの言葉と、意味のまとまり。", "lexicon.yaml", true, []string{""}, []string{""}, nil, nil),
		yamlKind("危険の言葉", "危険をあらわす言葉、打ち消す言葉、裏づける言葉。", "cues.yaml", false, []string{""}, []string{""}, nil, []string{"at"}),
		facet(yamlKind("市", "市と事務所の名前、職員が返事をする時間。", "city.yaml", false, nil, nil, nil, nil)),
		facet(yamlKind("一覧の出典", "避難所・施設の一覧がどこから来たか（一覧そのものは CSV で取りこみます）。", "lists.yaml", false, nil, nil, nil, nil)),
		examplesKind(),
	}
}

func facet(k *kind) *kind {
	k.facet = true
	return k
}

// yamlKind is a sheet over YAML files: a row for each item of the lists one
// goes down through ("" is a list at the root), or for each file when there
// are none. ids are the keys that tell whose list each is. Only keys under one
// of only are shown, when given, and none of those under skip.
func yamlKind(name, about, files string, own bool, lists, ids, only, skip []string) *kind {
	t := typeOf(files)
	src := &yamlSource{files: files, lists: lists, ids: ids, root: t}
	k := &kind{name: name, about: about, own: own, source: src}
	for i, list := range lists {
		if ids[i] != "" {
			head := say(t.Name() + "." + ids[i])
			k.columns = append(k.columns, column{head: head[0], note: "どの項目のものか。" + head[1], keys: nil, required: true, windows: i == 0 && files == "windows/*.yaml", width: 18})
		}
		t = elem(under(t, list))
	}
	src.item = t
	parents := len(k.columns)
	all := columnsOf(t, nil, "", t.Name())
	for _, c := range all {
		id := len(lists) == 0 && c.keys[0] == "id"
		if !id && (only != nil && !slices.Contains(only, c.keys[0]) || slices.Contains(skip, c.keys[0])) {
			continue
		}
		k.columns = append(k.columns, c)
	}
	src.k = k
	k.ident = parents
	if own {
		k.ident++
		k.columns[parents].required = true
		k.columns[parents].id = true
	}
	return k
}

// typeOf is what the files of a pattern are read into; of a list, the list.
func typeOf(files string) reflect.Type {
	k, _ := schema.Of(path.Join(path.Dir(files), strings.Replace(path.Base(files), "*", "x", 1)))
	return k.Type
}

func elem(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// under is the type of a key; the empty key is the type itself.
func under(t reflect.Type, key string) reflect.Type {
	if key == "" {
		return t
	}
	for _, f := range schema.Fields(elem(t)) {
		if f.Key == key {
			return f.Type
		}
	}
	return reflect.TypeFor[bot.Words]()
}
