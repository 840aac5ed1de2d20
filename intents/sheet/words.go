package sheet

// say is what a column is called and what stands in it, for people who never
// saw the files. A key without words is shown by its name.
func say(key string) [2]string {
	if w, ok := headings[key]; ok {
		return w
	}
	for i := len(key) - 1; i >= 0; i-- {
		if key[i] == '.' {
			if w, ok := headings[key[i:]]; ok {
				return w
			}
			return [2]string{key[i+1:], ""}
		}
	}
	return [2]string{key, ""}
}

// headings are the words, by type and key; ".key" for a key that means the
// same wherever it stands.
var headings = map[string][2]string{
	".id":       {"id", "半角の英小文字・数字・ハイフン。あとから変えられません。"},
	".source":   {"出典", "どこで確かめたか。"},
	".verified": {"確かめた日", "2026-12-01 の形。まだなら no（住民には見えません）。"},
	".areas":    {"圏域", "第1 のように、1行に1つ。空は市内の全部。"},
	".address":  {"住所", "市の名前のあとから。"},

	"Window.id":       {"窓口id", "半角の英小文字・数字・ハイフン。あとから変えられません。"},
	"Window.order":    {"順番", "一覧での順番（数字）。"},
	"Window.kind":     {"種類", "general 総合、consultation 相談、emergency 緊急、information 情報、participation 参加"},
	"Window.name":     {"名前", "住民が見る名前。40字まで。"},
	"Window.plain":    {"何をする所か", "一行で。90字まで（英語とベトナム語は200字）。"},
	"Window.always":   {"かならず言うこと", "いっしょに必ず言うこと。なければ空。"},
	"Window.then":     {"話したあと", "話したあと、どうなるか。"},
	"Window.bring":    {"あるとよいもの", "持ち物。なければ空。"},
	"Window.choice":   {"選ぶボタン", "「どれですか」の答え。20字まで。"},
	"Window.related":  {"近い窓口", "窓口のidを1行に1つ。"},
	"Window.team":     {"チーム", "Slack のチームの名前。"},
	"Window.people":   {"職員が受ける", "true＝職員が相談を受ける、false＝受けない。"},
	"Window.uncalled": {"呼ばない", "true＝ほかの窓口から、引き継いだり呼んだりしない（番号や日程だけの窓口）。"},
	"Window.menu":     {"一覧に出す", "true＝窓口の一覧に出す。"},
	"Window.form":     {"質問", "先に聞く質問のid。なければ空。"},
	"Window.quiet":    {"見られているかも", "true：だれかに見られているかもしれない人の窓口。知らせに用件を出しません。"},
	"Window.outside":  {"ほかの団体", "true：ほかの団体の窓口。本人の同意がなければ言葉を見せません。"},
	"Window.reviewed": {"読んだ日", "チームが文を確かめた日（2026-12-01）。まだなら no。"},
	"Window.after":    {"相談のあと", ""},
	"Window.hours":    {"受付", ""},
	"Window.serves":   {"受け持ち", ""},

	"After.who":     {"だれが答えるか", ""},
	"After.soon":    {"いつ答えるか", ""},
	"After.cost":    {"お金", ""},
	"After.secret":  {"秘密", ""},
	"Statement.say": {"文", "住民に見せる文。"},

	"Hours.week":     {"曜日", "08:30-12:00, 13:00-17:15 の形。休みは空。"},
	"Hours.holidays": {"祝日", "祝日に開ける時間。休みは空。"},
	"Hours.year_end": {"年末年始", "休みの最初の日と最後の日（12-29 と 01-03）を、1行に1つ。"},
	"Hours.except":   {"特別な日", "「2026-12-28 10:00-12:00」か「2026-12-28 休み」を、1行に1つ。"},

	"Contact.kind":  {"種類", "phone 電話、fax、mail メール、url ページ"},
	"Contact.value": {"番号・アドレス", "042-000-0000 の形。"},
	"Contact.label": {"どこのものか", "40字まで。"},

	"Place.name": {"名前", "場所の名前。"},
	"Place.way":  {"行き方", "駅やバス停から。"},
	"Place.lat":  {"緯度", "小数（35.7）。"},
	"Place.lon":  {"経度", "小数（139.4）。"},
	"Access.id":  {"設備", "step-free 段差なし、lift、wheelchair-toilet、parking、hearing-loop、sign-language、writing、child-space、quiet"},

	"Spoken.lang": {"言語", "ja、ja-easy、en、zh、ko、vi"},
	"Spoken.when": {"いつ", "曜日や予約など。いつでもなら空。"},

	"Outreach.date":      {"日", "2026-12-01 の形。"},
	"Outreach.from":      {"はじまり", "10:00 の形。"},
	"Outreach.to":        {"おわり", "12:00 の形。"},
	"Outreach.place":     {"場所", "場所の名前。"},
	"Outreach.about":     {"聞けること", "窓口の全部でないときだけ。"},
	"Outreach.book":      {"予約", "true＝予約が要る。"},
	"Outreach.cancelled": {"中止", "true＝中止。"},

	"Hotline.number":         {"番号", "0120-000-000 の形。あとから変えられません（消して足します）。"},
	"Hotline.name":           {"名前", "住民が見る名前。40字まで。"},
	"Hotline.for":            {"どんなとき", "どんなときにかけるか。"},
	"Hotline.windows":        {"窓口", "いっしょに見せる窓口のidを、1行に1つ。"},
	"Hotline.hours":          {"受付時間", "確かめた日があるときだけ見えます。"},
	"Hotline.free":           {"無料", "true＝通話料がかからないと確かめた。"},
	"Hotline.hours_verified": {"時間を確かめた日", "2026-12-01 の形。まだなら no。"},

	"Danger.kind":    {"種類", "プログラムが知っている名前。変えられません。"},
	"Danger.window":  {"窓口", "知らせる窓口のid。"},
	"Danger.numbers": {"電話番号", "先に見せる番号。3つまで、1行に1つ。"},
	"Danger.name":    {"名前", "職員が見る名前。"},

	"Town.id":             {"町", "漢字の町名。"},
	"Town.kana":           {"読み", "ひらがな。"},
	"Town.romaji":         {"ローマ字", ""},
	"Town.aliases":        {"ほかの書き方", "1行に1つ。"},
	"Town.area":           {"圏域", "第1 のように。"},
	"Town.chome":          {"丁目", "1-7 の形。丁目がない町は none、わからない町は unknown。"},
	"Town.chome_source":   {"丁目の出典", ""},
	"Town.chome_verified": {"丁目を確かめた日", "2026-12-01 の形。まだなら no。"},

	"Area.id":   {"圏域", "第1 のように。"},
	"Area.name": {"名前", "住民が見る名前。"},

	"Opportunity.id":      {"活動id", "半角の英小文字・数字・ハイフン。あとから変えられません。"},
	"Opportunity.name":    {"名前", "活動の名前。"},
	"Opportunity.about":   {"内容", "何をするか。"},
	"Opportunity.towns":   {"町", "1行に1つ。空は市内のどこでも。"},
	"Opportunity.online":  {"家からできる", "true＝家からできる。"},
	"Opportunity.days":    {"曜日", "mon 月 … sun 日。1行に1つ。空は相談して決める。"},
	"Opportunity.minutes": {"分", "1回のおよその分数。"},
	"Opportunity.skills":  {"得意なこと", "質問の答えのid。1行に1つ。"},
	"Opportunity.min_age": {"年齢の下限", "数字。なければ空。"},
	"Opportunity.window":  {"申し込みの窓口", "窓口のid。空は volunteer。"},

	"Form.id":       {"質問票", "質問票のid。"},
	"Form.then":     {"答えのあと", ""},
	"Field.id":      {"質問id", "あとから変えられません。"},
	"Field.kind":    {"種類", "town 町、days 曜日、choice えらぶ、text 文"},
	"Field.ask":     {"聞く文", "一度に一つだけ。"},
	"Option.id":     {"答えid", "あとから変えられません。"},
	"Option.label":  {"ボタン", "20字まで。"},
	"Option.words":  {"見つける言葉", "住民が書く言葉。1行に1つ。"},
	"Saying.means":  {"意味", "プログラムが知っている名前。変えられません。"},
	"Saying.texts":  {"言葉", "住民が書く言葉。1行に1つ。"},
	"Concept.id":    {"まとまり", "意味のまとまりの名前。"},
	"Concept.words": {"言葉", "1行に1つ。"},
	"Cue.kind":      {"危険の種類", "危険のシートの種類。"},
	"Cue.weight":    {"重さ", "sure たしか、hint かもしれない、guard 打ち消す、evidence 裏づける"},
	"Cue.pattern":   {"言葉", "… は、あいだに何が来てもよいところ。"},

	"Wording.subject": {"題", "あとから変えられません。"},
	"Wording.why":     {"なぜ", ""},
	"Wording.windows": {"窓口", "窓口のid。1行に1つ。* は全部。"},
	"Wording.replies": {"返事", "キーのはじめ。1行に1つ。* は全部。"},
	"Wording.never":   {"言わない言葉", "1行に1つ。"},
	"Wording.calm":    {"！を使わない", "true＝使わない。"},
	"Must.what":       {"言うこと", ""},
	"Must.in":         {"どこで", "窓口の plain・always・then・bring か、返事のキー。空は、どこでも。"},
	"Must.any":        {"どれか一つ", "どれか一つがあればよい言葉。1行に1つ。"},
	"Must.all":        {"全部", "六つのことば全部に要るもの（番号など）。1行に1つ。"},

	"Confirmation.file": {"ファイル", "windows/housing.yaml のように。"},
	"Confirmation.lang": {"言語", "en、zh、ko、vi"},
	"Confirmation.by":   {"だれが", "名前でなく役割。"},
	"Confirmation.on":   {"日", "2026-12-01 の形。"},
	"Confirmation.of":   {"文の指紋", "tsunagu check --live が出すもの。"},

	"City.name":        {"市の名前", ""},
	"City.office":      {"事務所の名前", ""},
	"City.privacy":     {"言葉のあつかいのページ", "空なら、このプログラムのページ。"},
	"City.disaster":    {"災害のとき", "true：メニューを災害用にします。"},
	"City.map":         {"地図のアドレス", "{lat} と {lon} を消さないでください。"},
	"City.desk":        {"返事をする時間", ""},
	"City.answer":      {"どのくらいで返事をするか", ""},
	"Lists.shelters":   {"避難所", ""},
	"Lists.facilities": {"施設", ""},
	"List.published":   {"公開日", "市が公開した日（2026-12-01）。"},
}
