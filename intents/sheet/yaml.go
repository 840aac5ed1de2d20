package sheet

import (
	"cmp"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents/edit"
	"github.com/tsunagu-chat/tsunagu/intents/schema"
)

// yamlSource reads rows from YAML files of one pattern.
type yamlSource struct {
	files string
	lists []string     // the lists one goes down through; "" at the root
	ids   []string     // the key that tells whose list it is; "" at the root
	root  reflect.Type // of a file
	item  reflect.Type // of a row
	k     *kind        // whose rows they are
}

func (s *yamlSource) rows(t *texts) ([]row, error) {
	var out []row
	for _, name := range t.names(s.files) {
		d, err := t.doc(name)
		if err != nil {
			return nil, err
		}
		if err := s.walk(d, name, d.Root, nil, nil, &out); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return out, nil
}

func (s *yamlSource) walk(d *edit.Doc, name string, n *edit.Node, at []int, parents []string, out *[]row) error {
	level := len(at)
	if level < len(s.lists) {
		if s.ids[level] != "" {
			parents = append(slices.Clone(parents), textOf(n.Get(s.ids[level])))
		}
		list := n
		if s.lists[level] != "" {
			list = n.Get(s.lists[level])
		}
		if list == nil || list.Form != edit.List {
			return nil
		}
		for i, item := range list.Items {
			if err := s.walk(d, name, item, append(slices.Clone(at), i), parents, out); err != nil {
				return err
			}
		}
		return nil
	}
	if n == nil {
		return nil
	}
	r := row{file: name, at: at, line: d.Line(n), cells: slices.Clone(parents)}
	if level == 0 {
		r.line = 1
	}
	for _, c := range s.k.columns[len(parents):] {
		cell, err := show(n.Find(c.keys...), c)
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", r.line, strings.Join(c.keys, "."), err)
		}
		r.cells = append(r.cells, cell)
	}
	*out = append(*out, r)
	return nil
}

func textOf(n *edit.Node) string {
	if n == nil || n.Form != edit.Scalar {
		return ""
	}
	return n.Text
}

// node finds a row's item again.
func (s *yamlSource) node(t *texts, r row) (*edit.Doc, *edit.Node, error) {
	d, err := t.doc(r.file)
	if err != nil {
		return nil, nil, err
	}
	n := d.Root
	for level, i := range r.at {
		if n = s.listOf(n, level); n == nil || i >= len(n.Items) {
			return nil, nil, fmt.Errorf("%s: the item is not there any more", r.file)
		}
		n = n.Items[i]
	}
	if n == nil {
		return nil, nil, fmt.Errorf("%s: nothing stands in it", r.file)
	}
	return d, n, nil
}

func (s *yamlSource) listOf(n *edit.Node, level int) *edit.Node {
	if s.lists[level] != "" {
		return n.Get(s.lists[level])
	}
	return n
}

func (s *yamlSource) set(t *texts, r row, c column, value string) error {
	d, n, err := s.node(t, r)
	if err != nil {
		return err
	}
	if value == "" {
		return t.write(r.file, d.Unset(n, c.keys))
	}
	return t.write(r.file, d.Set(n, c.keys, valueOf(value, c), s.order))
}

func (s *yamlSource) place(t *texts, r row, c column) (string, int) {
	if d, n, err := s.node(t, r); err == nil {
		for i := len(c.keys); i > 0; i-- {
			if v := n.Find(c.keys[:i]...); v != nil {
				return r.file, d.Line(v)
			}
		}
	}
	return r.file, r.line
}

// order are the keys of the table at a path inside a row.
func (s *yamlSource) order(keys []string) []string {
	t := s.item
	for _, k := range keys {
		if t = elem(t); t.Kind() == reflect.Struct {
			t = under(t, k)
		} else if t.Kind() == reflect.Map {
			t = t.Elem()
		}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var out []string
	switch {
	case schema.Languages(t):
		for _, l := range bot.Langs {
			out = append(out, string(l))
		}
	case t.Kind() == reflect.Map:
		for _, d := range dayNames {
			out = append(out, d.key)
		}
	default:
		for _, f := range schema.Fields(t) {
			out = append(out, f.Key)
		}
	}
	return out
}

func (s *yamlSource) remove(t *texts, r row) error {
	if len(r.at) == 0 {
		t.drop(r.file)
		return nil
	}
	last := len(r.at) - 1
	holder := r
	holder.at = r.at[:last]
	d, n, err := s.node(t, holder)
	if err != nil {
		return err
	}
	list := s.listOf(n, last)
	if len(list.Items) == 1 && s.lists[last] != "" {
		return t.write(r.file, d.Unset(n, []string{s.lists[last]}))
	}
	return t.write(r.file, d.Remove(list, r.at[last]))
}

func (s *yamlSource) add(t *texts, k *kind, cells []string, prev *row) (row, error) {
	if len(s.lists) == 0 {
		name := path.Join(path.Dir(s.files), cells[0]+".yaml")
		r := row{file: name, line: 1}
		return r, t.write(name, s.file(k, cells))
	}
	holder, err := s.holder(t, cells, prev)
	if err != nil {
		return row{}, err
	}
	d, err := t.doc(holder.file)
	if err != nil {
		return row{}, err
	}
	n := d.Root
	if len(holder.at) > 0 {
		if _, n, err = s.node(t, holder); err != nil {
			return row{}, err
		}
	}
	level := len(holder.at)
	list := n
	if s.lists[level] != "" {
		list = n.Get(s.lists[level])
	}
	place := 0
	if list != nil {
		place = len(list.Items)
	}
	if prev != nil {
		place = prev.at[level] + 1
	}
	v := s.value(k, cells)
	r := row{file: holder.file, at: append(slices.Clone(holder.at), place)}
	if s.lists[level] != "" && (list == nil || len(list.Items) == 0) {
		return r, t.write(holder.file, d.Set(n, []string{s.lists[level]}, edit.Value{Form: edit.List, Items: []edit.Value{v}}, func([]string) []string {
			return s.keysAt(level)
		}))
	}
	return r, t.write(holder.file, d.Add(list, place, v))
}

// keysAt are the keys of the items at a level.
func (s *yamlSource) keysAt(level int) []string {
	t := s.root
	for i := range level {
		t = elem(under(t, s.lists[i]))
	}
	var out []string
	for _, f := range schema.Fields(elem(t)) {
		out = append(out, f.Key)
	}
	return out
}

// holder finds whose list a new row belongs into: that of prev, or the one its
// first cells name.
func (s *yamlSource) holder(t *texts, cells []string, prev *row) (row, error) {
	if prev != nil {
		return row{file: prev.file, at: prev.at[:len(prev.at)-1]}, nil
	}
	for _, name := range t.names(s.files) {
		d, err := t.doc(name)
		if err != nil {
			return row{}, err
		}
		if at, ok := s.search(d.Root, nil, cells); ok {
			return row{file: name, at: at}, nil
		}
	}
	return row{}, errNoHolder
}

func (s *yamlSource) search(n *edit.Node, at []int, cells []string) ([]int, bool) {
	level := len(at)
	if s.ids[level] != "" {
		if textOf(n.Get(s.ids[level])) != cells[0] {
			return nil, false
		}
		cells = cells[1:]
	}
	if level == len(s.lists)-1 {
		return at, true
	}
	list := s.listOf(n, level)
	if list == nil {
		return nil, false
	}
	for i, item := range list.Items {
		if found, ok := s.search(item, append(slices.Clone(at), i), cells); ok {
			return found, true
		}
	}
	return nil, false
}

// value is a new item, its keys in the order of its type.
func (s *yamlSource) value(k *kind, cells []string) edit.Value {
	v := edit.Value{Form: edit.Table}
	for i, c := range k.columns {
		if c.keys != nil && cells[i] != "" {
			put(&v, c.keys, valueOf(cells[i], c))
		}
	}
	arrange(&v, nil, s.order)
	return v
}

func put(v *edit.Value, keys []string, what edit.Value) {
	i := slices.IndexFunc(v.Keys, func(p edit.Pair) bool { return p.Key == keys[0] })
	if i < 0 {
		i = len(v.Keys)
		v.Keys = append(v.Keys, edit.Pair{Key: keys[0], Value: edit.Value{Form: edit.Table}})
	}
	if len(keys) == 1 {
		v.Keys[i].Value = what
		return
	}
	put(&v.Keys[i].Value, keys[1:], what)
}

func arrange(v *edit.Value, keys []string, order edit.Order) {
	if v.Form != edit.Table || v.Flow {
		return
	}
	in := order(keys)
	slices.SortStableFunc(v.Keys, func(a, b edit.Pair) int {
		return cmp.Compare(slices.Index(in, a.Key), slices.Index(in, b.Key))
	})
	for i := range v.Keys {
		arrange(&v.Keys[i].Value, append(slices.Clone(keys), v.Keys[i].Key), order)
	}
}

// file is a new file that holds one item.
func (s *yamlSource) file(k *kind, cells []string) string {
	v := s.value(k, cells)
	var b strings.Builder
	kindOf, _ := schema.Of(path.Join(path.Dir(s.files), "x.yaml"))
	fmt.Fprintf(&b, "# yaml-language-server: $schema=../schema/%s.json\n", kindOf.Name)
	for _, p := range v.Keys {
		if p.Key == "name" && len(p.Value.Keys) > 0 {
			fmt.Fprintf(&b, "# 窓口「%s」の説明です。住民が LINE で読みます。\n", strings.ReplaceAll(p.Value.Keys[0].Value.Text, "\n", " "))
		}
	}
	b.WriteString("# 直したら: tsunagu check\n")
	b.WriteString(edit.New(v))
	return b.String()
}
