package opendata

// Kinds are the lists known here.
func Kinds() []Kind { return []Kind{Shelters(), Facilities()} }

// Shelters is 指定緊急避難場所一覧 of the 自治体標準オープンデータセット, in its order
// of columns; the other names are those of the older 推奨データセット and of the
// CSV of 国土地理院.
func Shelters() Kind {
	return Kind{Name: "shelters", File: "shelters.csv", Columns: []Column{
		{Name: "全国地方公共団体コード", Also: []string{"都道府県コード又は市区町村コード", "市町村コード"}, Value: Code},
		{Name: "ID", Also: []string{"NO", "共通ID", "施設・場所ID"}},
		{Name: "名称", Also: []string{"施設・場所名", "施設名"}, Value: Required},
		{Name: "名称_カナ"},
		{Name: "名称_英字"},
		{Name: "所在地_全国地方公共団体コード", Value: Code},
		{Name: "町字ID"},
		{Name: "所在地_連結表記", Also: []string{"住所"}, Value: Address},
		{Name: "所在地_都道府県", Also: []string{"都道府県名"}},
		{Name: "所在地_市区町村", Also: []string{"市区町村名"}},
		{Name: "所在地_町字"},
		{Name: "所在地_番地以下"},
		{Name: "建物名等(方書)", Also: []string{"方書"}},
		{Name: "緯度", Value: Lat},
		{Name: "経度", Value: Lon},
		{Name: "標高", Value: Number},
		{Name: "電話番号", Value: Phone},
		{Name: "内線番号"},
		{Name: "連絡先メールアドレス"},
		{Name: "連絡先FormURL"},
		{Name: "連絡先備考（その他、SNSなど）"},
		{Name: "郵便番号", Value: Postcode},
		{Name: "市区町村コード", Value: Code},
		{Name: "地方公共団体名"},
		{Name: "災害種別_洪水", Also: []string{"洪水"}, Value: Flag},
		{Name: "災害種別_崖崩れ、土石流及び地滑り", Also: []string{"崖崩れ、土石流及び地滑り", "土砂災害", "災害種別_土砂災害"}, Value: Flag},
		{Name: "災害種別_高潮", Also: []string{"高潮"}, Value: Flag},
		{Name: "災害種別_地震", Also: []string{"地震"}, Value: Flag},
		{Name: "災害種別_津波", Also: []string{"津波"}, Value: Flag},
		{Name: "災害種別_大規模な火事", Also: []string{"大規模な火事"}, Value: Flag},
		{Name: "災害種別_内水氾濫", Also: []string{"内水氾濫"}, Value: Flag},
		{Name: "災害種別_火山現象", Also: []string{"火山現象"}, Value: Flag},
		{Name: "指定避難所との重複", Also: []string{"指定避難所との住所同一"}, Value: Flag},
		{Name: "想定収容人数", Value: Capacity},
		{Name: "対象となる町会・自治会"},
		{Name: "URL"},
		{Name: "画像"},
		{Name: "画像_ライセンス"},
		{Name: "備考"},
	}}
}

// Facilities is 公共施設一覧 of the 推奨データセット; the other names are those of the
// newer 自治体標準オープンデータセット.
func Facilities() Kind {
	return Kind{Name: "facilities", File: "facilities.csv", Columns: []Column{
		{Name: "都道府県コード又は市区町村コード", Also: []string{"全国地方公共団体コード"}, Value: Code},
		{Name: "NO", Also: []string{"ID"}},
		{Name: "都道府県名", Also: []string{"所在地_都道府県"}},
		{Name: "市区町村名", Also: []string{"所在地_市区町村"}},
		{Name: "名称", Also: []string{"施設名", "施設名称"}, Value: Required},
		{Name: "名称_カナ"},
		{Name: "名称_通称"},
		{Name: "POIコード"},
		{Name: "住所", Also: []string{"所在地_連結表記", "所在地"}, Value: Address},
		{Name: "方書", Also: []string{"建物名等(方書)"}},
		{Name: "緯度", Value: Lat},
		{Name: "経度", Value: Lon},
		{Name: "電話番号", Value: Phone},
		{Name: "内線番号"},
		{Name: "法人番号"},
		{Name: "団体名"},
		{Name: "利用可能曜日"},
		{Name: "開始時間", Value: Clock},
		{Name: "終了時間", Value: Clock},
		{Name: "利用可能日時特記事項"},
		{Name: "説明"},
		{Name: "バリアフリー情報"},
		{Name: "URL"},
		{Name: "備考"},
	}}
}
