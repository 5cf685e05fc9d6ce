      *----------------------------------------------------------------*
      *  登録集名  KZKOTEI   固定資産税マスタ   (架空)
      *  レコード長 260バイト  改行なし
      *  種別の1字で 2バイト目からの259バイトを読み替える
      *----------------------------------------------------------------*
       01  KZKOTEI-REC.
           05  KT-RECORD-KIND           PIC X(01).
               88  KT-IS-TOCHI          VALUE 'T'.
               88  KT-IS-KAOKU          VALUE 'K'.
               88  KT-IS-SHOKYAKU       VALUE 'S'.
               88  KT-IS-KYOYU          VALUE 'M'.
               88  KT-IS-FUKA           VALUE 'F'.
               88  KT-IS-MIDASHI        VALUE '0'.
               88  KT-IS-GOKEI          VALUE '9'.
           05  KT-BODY                  PIC X(259).
      *    土地
           05  WK-TOCHI REDEFINES KT-BODY.
      *        年度 西暦
               10  T-TAX-YEAR           PIC 9(04).
      *        物件大字
               10  T-PROPERTY-AREA      PIC 9(03).
      *        物件連番 物件大字と続けて物件番号になる
               10  T-PROPERTY-SERIAL    PIC 9(07).
      *        履歴
               10  T-HIST-NO            PIC S9(02).
      *        所有者
               10  T-OWNER-NO           PIC 9(10).
      *        名義 T単独 K共有 B区分所有
               10  T-SHARE-CLASS        PIC X(01).
      *        敷地権割合 1234/100000の形
               10  T-SHARE-RATIO        PIC X(16).
      *        大字
               10  T-OAZA               PIC 9(03).
      *        字
               10  T-AZA                PIC 9(03).
      *        所在
               10  T-PLACE              PIC N(20).
      *        地番 S9(9) COMP。本番 枝番 小枝番。0はなし
               10  T-LOT                PIC S9(09) COMP OCCURS 3.
      *        登記地目 TA田 HT畑 TK宅地 SR山林 GY原野 ZS雑種地
      *          KD公衆用道路 BC墓地
               10  T-REG-CATEGORY       PIC X(02).
      *        現況地目
               10  T-CUR-CATEGORY       PIC X(02).
      *        登記地積 S9(9)V99
               10  T-REG-AREA           PIC S9(09)V9(02) COMP-3.
      *        現況地積
               10  T-CUR-AREA           PIC S9(09)V9(02) COMP-3.
      *        課税地積
               10  T-TAX-AREA           PIC S9(09)V9(02) COMP-3.
      *        小規模
               10  T-SMALL-AREA         PIC S9(09)V9(02) COMP-3.
      *        一般
               10  T-GENERAL-AREA       PIC S9(09)V9(02) COMP-3.
      *        住宅用地 S小規模 I一般 H併用 空白は非住宅
               10  T-RES-CLASS          PIC X(01).
      *        評価額
               10  T-VALUE              PIC S9(13) COMP-3.
      *        本則課標
               10  T-BASE-STD           PIC S9(13) COMP-3.
      *        固定課標
               10  T-FA-TAXABLE         PIC S9(13) COMP-3.
      *        都計課標
               10  T-CP-TAXABLE         PIC S9(13) COMP-3.
      *        旧固定課標 前年度
               10  T-OLD-FA-TAXABLE     PIC S9(13) COMP-3.
      *        旧都計課標 前年度
               10  T-OLD-CP-TAXABLE     PIC S9(13) COMP-3.
      *        路線
               10  T-ROAD-NO            PIC X(08).
      *        課税 K課税 H非課税 G減免 M免税点未満 J免除
               10  T-TAXATION           PIC X(01).
      *        事由 000はなし
               10  T-EXEMPT-REASON      PIC 9(03).
      *        受付日 S9(8) YYYYMMDD
               10  T-ACCEPTED           PIC S9(09) COMP-3.
      *        原因元号 M T S H R
               10  T-CAUSE-ERA          PIC X(01).
      *        原因年
               10  T-CAUSE-YEAR         PIC 9(02).
      *        原因月 00は不詳
               10  T-CAUSE-MONTH        PIC 9(02).
      *        原因日 00は不詳
               10  T-CAUSE-DAY          PIC 9(02).
      *        異動 B売買 S相続 F分筆 C地積更正
               10  T-EVENT              PIC X(01).
      *        異動日 S9(8) YYYYMMDD
               10  T-EVENT-DATE         PIC S9(09) COMP-3.
      *        不動産番号
               10  T-REGISTRY-NO        PIC X(13).
      *        地図番号 公図の枚数
               10  T-MAP-SHEET          PIC X(06).
      *        最新 G現在 K過去
               10  T-LATEST             PIC X(01).
      *        削除 X削除
               10  T-DELETED            PIC X(01).
      *        操作者
               10  T-OPERATOR           PIC X(08).
      *        更新日 S9(8) YYYYMMDD
               10  T-UPDATED-DATE       PIC S9(09) COMP-3.
      *        更新時刻 S9(6) HHMMSS
               10  T-UPDATED-TIME       PIC S9(07) COMP-3.
               10  FILLER               PIC X(13).
      *    家屋
           05  WK-KAOKU REDEFINES KT-BODY.
      *        年度 西暦
               10  K-TAX-YEAR           PIC 9(04).
      *        物件番号
               10  K-PROPERTY-NO        PIC 9(10).
      *        履歴
               10  K-HIST-NO            PIC S9(02).
      *        所有者
               10  K-OWNER-NO           PIC 9(10).
      *        名義 T単独 K共有 B区分所有
               10  K-SHARE-CLASS        PIC X(01).
      *        所在
               10  K-PLACE              PIC N(20).
      *        地番 本番-枝番-小枝番
               10  K-LOT                PIC X(12).
      *        家屋番号
               10  K-HOUSE-NO           PIC X(12).
      *        登記 T登記 M未登記
               10  K-REGISTERED         PIC X(01).
      *        種類 国の区分による
               10  K-USE                PIC 9(02).
      *        構造 M木 S鉄骨 L軽量鉄骨 R鉄筋 Q鉄骨鉄筋 B石・ブロック
               10  K-STRUCTURE          PIC X(01).
      *        屋根
               10  K-ROOF               PIC 9(02).
      *        地上
               10  K-FLOORS-ABOVE       PIC S9(03).
      *        地下 0はなし
               10  K-FLOORS-BELOW       PIC S9(02).
      *        登記床面積
               10  K-REG-AREA           PIC S9(07)V9(02) COMP-3.
      *        課税床面積
               10  K-TAX-AREA           PIC S9(07)V9(02) COMP-3.
      *        専有床面積
               10  K-EXCLUSIVE-AREA     PIC S9(07)V9(02) COMP-3.
      *        建築日 S9(7) GYYMMDD。G=1明治から5令和
               10  K-BUILT              PIC S9(07) COMP-3.
      *        増築日 S9(7) GYYMMDD
               10  K-EXTENDED           PIC S9(07) COMP-3.
      *        滅失日 S9(7) GYYMMDD
               10  K-DEMOLISHED         PIC S9(07) COMP-3.
      *        評点数
               10  K-POINTS             PIC S9(11) COMP-3.
      *        減点補正率 S9V9(4)
               10  K-RATE               PIC S9(01)V9(04) COMP-3.
      *        評価額
               10  K-VALUE              PIC S9(13) COMP-3.
      *        固定課標
               10  K-FA-TAXABLE         PIC S9(13) COMP-3.
      *        都計課標
               10  K-CP-TAXABLE         PIC S9(13) COMP-3.
      *        新築軽減
               10  K-NEW-CLASS          PIC X(02).
      *        軽減年度 開始4桁と終了4桁。00000000はなし
               10  K-NEW-YEARS          PIC 9(08).
      *        軽減税額
               10  K-REDUCTION          PIC S9(09) COMP-3.
      *        課税 土地と同じ
               10  K-TAXATION           PIC X(01).
      *        不動産番号
               10  K-REGISTRY-NO        PIC X(13).
      *        図面マイクロ
               10  K-PLAN-FILM          PIC X(08).
      *        最新 G現在 K過去
               10  K-LATEST             PIC X(01).
      *        削除 X削除
               10  K-DELETED            PIC X(01).
      *        操作者
               10  K-OPERATOR           PIC X(08).
      *        更新日 S9(8) YYYYMMDD
               10  K-UPDATED-DATE       PIC S9(09) COMP-3.
      *        更新時刻 S9(6) HHMMSS
               10  K-UPDATED-TIME       PIC S9(07) COMP-3.
               10  FILLER               PIC X(44).
      *    償却資産
           05  WK-SHOKYAKU REDEFINES KT-BODY.
      *        年度 西暦
               10  S-TAX-YEAR           PIC 9(04).
      *        所有者
               10  S-OWNER-NO           PIC 9(10).
      *        行番
               10  S-SEQ                PIC S9(05) COMP-3.
      *        種類 第1種から第6種をAからFで表す
               10  S-KIND               PIC X(01).
      *        名称
               10  S-ASSET-NAME         PIC N(20).
      *        数量
               10  S-QUANTITY           PIC S9(05) COMP-3.
      *        取得年月 YYYYMM
               10  S-ACQUIRED           PIC 9(06).
      *        取得価額 円
               10  S-COST               PIC S9(13) COMP-3.
      *        耐用年数
               10  S-LIFE               PIC S9(03) COMP-3.
      *        残存率
               10  S-REMAIN             PIC S9(02)V9(03) COMP-3.
      *        前年価額
               10  S-PREV-VALUE         PIC S9(13) COMP-3.
      *        価額
               10  S-VALUE              PIC S9(13) COMP-3.
      *        特例 0はなし
               10  S-SPECIAL            PIC S9(02)V9(03) COMP-3.
      *        課標
               10  S-TAXABLE            PIC S9(13) COMP-3.
      *        増減 Z増 G減
               10  S-CHANGE             PIC X(01).
      *        減少年月 YYYYMM。000000はなし
               10  S-REMOVED            PIC 9(06).
      *        申告日 S9(8) YYYYMMDD
               10  S-DECLARED           PIC S9(09) COMP-3.
      *        申告書の頁と行 紙の申告書の頁2桁・行2桁
               10  S-PAGE-LINE          PIC X(05).
      *        最新 G現在 K過去
               10  S-LATEST             PIC X(01).
      *        削除 X削除
               10  S-DELETED            PIC X(01).
      *        操作者
               10  S-OPERATOR           PIC X(08).
      *        更新日 S9(8) YYYYMMDD
               10  S-UPDATED-DATE       PIC S9(09) COMP-3.
      *        更新時刻 S9(6) HHMMSS
               10  S-UPDATED-TIME       PIC S9(07) COMP-3.
               10  FILLER               PIC X(120).
      *    共有の構成員
           05  WK-KYOYU REDEFINES KT-BODY.
      *        共有番号
               10  M-JOINT-NO           PIC 9(10).
      *        順位
               10  M-SEQ                PIC S9(03) COMP-3.
      *        構成員
               10  M-MEMBER-NO          PIC 9(10).
      *        代表 D代表
               10  M-REPRESENTATIVE     PIC X(01).
      *        持分 S9(11) COMP-3。分子 分母
               10  M-SHARE              PIC S9(11) COMP-3 OCCURS 2.
      *        開始 S9(8) YYYYMMDD
               10  M-SINCE              PIC S9(09) COMP-3.
      *        終了 99999999は続いている
               10  M-TILL               PIC S9(09) COMP-3.
      *        続柄メモ 相続人の続柄。台帳の余白の書込み
               10  M-RELATION           PIC N(10).
      *        最新 G現在 K過去
               10  M-LATEST             PIC X(01).
      *        削除 X削除
               10  M-DELETED            PIC X(01).
      *        操作者
               10  M-OPERATOR           PIC X(08).
      *        更新日 S9(8) YYYYMMDD
               10  M-UPDATED-DATE       PIC S9(09) COMP-3.
      *        更新時刻 S9(6) HHMMSS
               10  M-UPDATED-TIME       PIC S9(07) COMP-3.
               10  FILLER               PIC X(175).
      *    賦課
           05  WK-FUKA REDEFINES KT-BODY.
      *        年度 西暦
               10  F-TAX-YEAR           PIC 9(04).
      *        通知書番号
               10  F-NOTICE-NO          PIC 9(10).
      *        履歴
               10  F-HIST-NO            PIC S9(02).
      *        義務者
               10  F-PAYER-NO           PIC 9(10).
      *        課税標準 土地 家屋 償却
               10  F-TAXABLE            PIC S9(13) COMP-3 OCCURS 3.
      *        課標計
               10  F-TAXABLE-TOTAL      PIC S9(13) COMP-3.
      *        都計課標 土地 家屋
               10  F-CP-TAXABLE         PIC S9(13) COMP-3 OCCURS 2.
      *        都計課標計
               10  F-CP-TAXABLE-TOTAL   PIC S9(13) COMP-3.
      *        税額 固定 都計
               10  F-TAX                PIC S9(11) COMP-3 OCCURS 2.
      *        軽減
               10  F-REDUCTION          PIC S9(09) COMP-3.
      *        減免
               10  F-EXEMPTION          PIC S9(09) COMP-3.
      *        年税額
               10  F-ANNUAL-TAX         PIC S9(11) COMP-3.
      *        免税点 M未満
               10  F-THRESHOLD          PIC X(01).
      *        調定 T当初 Z増 G減 R随時 C取消
               10  F-LEVY-CLASS         PIC X(01).
      *        更正日 S9(8) YYYYMMDD
               10  F-CORRECTED          PIC S9(09) COMP-3.
      *        更正事由 C地積 H評価 S死亡
               10  F-REASON             PIC X(01).
      *        発送日 S9(8) YYYYMMDD
               10  F-SENT               PIC S9(09) COMP-3.
      *        期別 1期から4期
               10  F-TERM               PIC S9(09) COMP-3 OCCURS 4.
      *        納税管理人
      *          市外の義務者が届け出た納税管理人。0000000000はなし
               10  F-MANAGER            PIC 9(10).
      *        最新 G現在 K過去
               10  F-LATEST             PIC X(01).
      *        削除 X削除
               10  F-DELETED            PIC X(01).
      *        操作者
               10  F-OPERATOR           PIC X(08).
      *        更新日 S9(8) YYYYMMDD
               10  F-UPDATED-DATE       PIC S9(09) COMP-3.
      *        更新時刻 S9(6) HHMMSS
               10  F-UPDATED-TIME       PIC S9(07) COMP-3.
               10  FILLER               PIC X(94).
      *    見出し
           05  WK-MIDASHI REDEFINES KT-BODY.
      *        登録集名
               10  H-COPYBOOK           PIC X(08).
      *        団体コード
               10  H-CITY-CODE          PIC 9(06).
      *        作成日時 YYYYMMDDhhmmss
               10  H-MADE-AT            PIC 9(14).
               10  FILLER               PIC X(231).
      *    合計
           05  WK-GOKEI REDEFINES KT-BODY.
      *        件数 見出しと合計を除く
               10  G-RECORD-COUNT       PIC S9(09).
      *        年税額合計
               10  G-ANNUAL-TAX-TOTAL   PIC S9(15).
               10  FILLER               PIC X(235).
