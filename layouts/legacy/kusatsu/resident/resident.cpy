000100* KJUMIN  住民マスタ  レコード記述  640バイト固定
000200* 草津計算センター 登録集 平成29年版（架空）
000300* 先頭の1字で読み替える 0見出し 1世帯 2日本人 3外国人 9合計
000400 01  KJUMIN-REC.
000500     05  KJ-RECORD-KIND            PIC 9(1).
000600     05  KJ-BODY                   PIC X(639).
000700*
000800* 見出しレコード
000900     05  K0-HEADER REDEFINES KJ-BODY.
001000* 登録集名 KJUMIN固定
001100         10  K0-COPYBOOK                PIC X(8).
001200* 団体コード 検査数字を含む6桁
001300         10  K0-CITY-CODE               PIC 9(6).
001400* 作成日時 YYYYMMDDhhmmss
001500         10  K0-MADE-AT                 PIC 9(14).
001600         10  FILLER                     PIC X(611).
001700*
001800* 世帯レコード
001900     05  K1-HOUSEHOLD REDEFINES KJ-BODY.
002000* 世帯番号
002100         10  K1-HOUSEHOLD-NO            PIC 9(10).
002200* 世帯履歴
002300         10  K1-HOUSEHOLD-HIST          PIC S9(2).
002400* 世帯主宛名番号
002500         10  K1-HEAD-NO                 PIC 9(10).
002600* 世帯主氏名
002700         10  K1-HEAD-NAME               PIC N(20).
002800* 世帯員数 消除された人を除く
002900         10  K1-MEMBERS                 PIC S9(3) COMP-3.
003000* 混合区分 M=日本人と外国人が混じる
003100         10  K1-MIXED                   PIC X(1).
003200* 住所コード 県2市3大字3小字3
003300         10  K1-CODE                    PIC 9(11).
003400* 町字名
003500         10  K1-TOWN                    PIC N(20).
003600* 番地
003700         10  K1-BANCHI                  PIC N(10).
003800* 方書
003900         10  K1-KATAGAKI                PIC N(20).
004000* 郵便番号
004100         10  K1-POSTAL                  PIC 9(7).
004200* 行政区
004300         10  K1-WARD                    PIC 9(3).
004400* 設定日 YYYYMMDD
004500         10  K1-ESTABLISHED             PIC S9(9) COMP-3.
004600* 消滅日 YYYYMMDD。0は続いている
004700         10  K1-CLOSED                  PIC S9(9) COMP-3.
004800* 課税世帯区分 夜間処理で求める
004900         10  K1-TAX-CLASS               PIC 9(1).
005000* 配布部数 広報の配布部数
005100         10  K1-LEAFLETS                PIC S9(3) COMP-3.
005200* 操作者
005300         10  K1-OPERATOR                PIC X(4).
005400* 更新日 YYYYMMDD
005500         10  K1-UPDATED                 PIC S9(9) COMP-3.
005600* 更新時刻 HHMMSS
005700         10  K1-UPDATED-TIME            PIC S9(7) COMP-3.
005800* 取消区分 0有効 9取消
005900         10  K1-VOID                    PIC 9(1).
006000         10  FILLER                     PIC X(426).
006100*
006200* 日本人住民レコード
006300     05  K2-RESIDENT REDEFINES KJ-BODY.
006400* 宛名番号
006500         10  K2-ATENA-NO                PIC 9(10).
006600* 個人履歴 1からの連番。最新の世代だけを書き出す
006700         10  K2-HIST-NO                 PIC S9(3).
006800* 世帯番号
006900         10  K2-HOUSEHOLD-NO            PIC 9(10).
007000* 住所世帯番号 住所をこの世帯のレコードから引く。空白なら自住所
007100* を使う
007200         10  K2-ADDRESS-OF              PIC 9(10).
007300* 自世帯主氏名 世帯のレコードの世帯主と違う人だけ
007400         10  K2-OWN-HEAD                PIC N(20).
007500* 住民票コード
007600         10  K2-JUMIN-CODE              PIC 9(11).
007700* 住民状態 J住民 T転出 S死亡 K消除
007800         10  K2-STATE                   PIC X(1).
007900* 続柄 00は空き。10世帯主 21夫 22妻 23夫(未届) 24妻(未届) 30子 4
008000* 1父 42母 51兄 52弟 53姉 54妹 80縁故者 90同居人
008100         10  K2-REL                     PIC 9(2) OCCURS 4 TIMES.
008200* 記載順位
008300         10  K2-LIST-ORDER              PIC S9(5) COMP-3.
008400* 異動コード A10県内転入 A20県外転入 A30国外転入 A40出生 A70職権
008500* 記載 A90初期登録 D10県内転出 D20県外転出 D30国外転出 D40死亡 M
008600* 10転居 M50世帯主変更
008700         10  K2-EVENT-CODE              PIC X(3).
008800* 異動日 YYYYMMDD。不明の部分は00
008900         10  K2-EVENT-DATE              PIC S9(9) COMP-3.
009000* 届出日 YYYYMMDD。0は届出なし
009100         10  K2-NOTIFIED                PIC S9(9) COMP-3.
009200* 住民日 YYYYMMDD
009300         10  K2-BECAME                  PIC S9(9) COMP-3.
009400* 住定日 YYYYMMDD
009500         10  K2-SETTLED                 PIC S9(9) COMP-3.
009600* 生年月日 GYYMMDD。G=M T S H R。不明の部分は00
009700         10  K2-BIRTH                   PIC X(7).
009800* 性別 1男 2女 0未記入
009900         10  K2-SEX                     PIC 9(1).
010000* 資格列 1字目から国保・後期・介護・年金・選挙・児手・予備。Yあ
010100* り Nなし
010200         10  K2-RIGHTS                  PIC X(8).
010300* 自住所コード 世帯と違う所を持つ人(消除者など)だけ
010400         10  K2-OWN-CODE                PIC 9(11).
010500* 自町字名
010600         10  K2-OWN-TOWN                PIC N(20).
010700* 自番地
010800         10  K2-OWN-BANCHI              PIC N(10).
010900* 自方書
011000         10  K2-OWN-KATAGAKI            PIC N(20).
011100* 自郵便番号
011200         10  K2-OWN-POSTAL              PIC 9(7).
011300* 自行政区
011400         10  K2-OWN-WARD                PIC 9(3).
011500* 転出先市区町村 県2市3。確定した転出先
011600         10  K2-NEXT-CITY               PIC 9(5).
011700* 転出先町字
011800         10  K2-NEXT-TOWN               PIC N(20).
011900* 転出先番地
012000         10  K2-NEXT-BANCHI             PIC N(10).
012100* 転出先方書
012200         10  K2-NEXT-KATAGAKI           PIC N(20).
012300* 転出先郵便番号
012400         10  K2-NEXT-POSTAL             PIC 9(7).
012500* 氏名 氏と名の間に全角空白
012600         10  K2-NAME                    PIC N(20).
012700* カナ氏名 半角
012800         10  K2-KANA                    PIC X(40).
012900* 本籍
013000         10  K2-DOMICILE                PIC N(30).
013100* 本籍市区町村 県2市3
013200         10  K2-DOMICILE-CITY           PIC 9(5).
013300* 筆頭者
013400         10  K2-KOSEKI-HEAD             PIC N(20).
013500* 証明発行数 今年度に発行した証明書
013600         10  K2-CERTIFICATES            PIC S9(5) COMP-3.
013700* 操作者
013800         10  K2-OPERATOR                PIC X(4).
013900* 更新日 YYYYMMDD
014000         10  K2-UPDATED                 PIC S9(9) COMP-3.
014100* 更新時刻 HHMMSS
014200         10  K2-UPDATED-TIME            PIC S9(7) COMP-3.
014300* 取消区分 0有効 9取消
014400         10  K2-VOID                    PIC 9(1).
014500         10  FILLER                     PIC X(69).
014600*
014700* 外国人住民レコード
014800     05  K3-FOREIGNER REDEFINES KJ-BODY.
014900* 宛名番号
015000         10  K3-ATENA-NO                PIC 9(10).
015100* 個人履歴 1からの連番。最新の世代だけを書き出す
015200         10  K3-HIST-NO                 PIC S9(3).
015300* 世帯番号
015400         10  K3-HOUSEHOLD-NO            PIC 9(10).
015500* 住所世帯番号 住所をこの世帯のレコードから引く。空白なら自住所
015600* を使う
015700         10  K3-ADDRESS-OF              PIC 9(10).
015800* 自世帯主氏名 世帯のレコードの世帯主と違う人だけ
015900         10  K3-OWN-HEAD                PIC N(20).
016000* 住民票コード
016100         10  K3-JUMIN-CODE              PIC 9(11).
016200* 住民状態 J住民 T転出 S死亡 K消除
016300         10  K3-STATE                   PIC X(1).
016400* 続柄 00は空き。10世帯主 21夫 22妻 23夫(未届) 24妻(未届) 30子 4
016500* 1父 42母 51兄 52弟 53姉 54妹 80縁故者 90同居人
016600         10  K3-REL                     PIC 9(2) OCCURS 4 TIMES.
016700* 記載順位
016800         10  K3-LIST-ORDER              PIC S9(5) COMP-3.
016900* 異動コード A10県内転入 A20県外転入 A30国外転入 A40出生 A70職権
017000* 記載 A90初期登録 D10県内転出 D20県外転出 D30国外転出 D40死亡 M
017100* 10転居 M50世帯主変更
017200         10  K3-EVENT-CODE              PIC X(3).
017300* 異動日 YYYYMMDD。不明の部分は00
017400         10  K3-EVENT-DATE              PIC S9(9) COMP-3.
017500* 届出日 YYYYMMDD。0は届出なし
017600         10  K3-NOTIFIED                PIC S9(9) COMP-3.
017700* 住民日 YYYYMMDD
017800         10  K3-BECAME                  PIC S9(9) COMP-3.
017900* 住定日 YYYYMMDD
018000         10  K3-SETTLED                 PIC S9(9) COMP-3.
018100* 生年月日 GYYMMDD。G=M T S H R。不明の部分は00
018200         10  K3-BIRTH                   PIC X(7).
018300* 性別 1男 2女 0未記入
018400         10  K3-SEX                     PIC 9(1).
018500* 資格列 1字目から国保・後期・介護・年金・選挙・児手・予備。Yあ
018600* り Nなし
018700         10  K3-RIGHTS                  PIC X(8).
018800* 自住所コード 世帯と違う所を持つ人(消除者など)だけ
018900         10  K3-OWN-CODE                PIC 9(11).
019000* 自町字名
019100         10  K3-OWN-TOWN                PIC N(20).
019200* 自番地
019300         10  K3-OWN-BANCHI              PIC N(10).
019400* 自方書
019500         10  K3-OWN-KATAGAKI            PIC N(20).
019600* 自郵便番号
019700         10  K3-OWN-POSTAL              PIC 9(7).
019800* 自行政区
019900         10  K3-OWN-WARD                PIC 9(3).
020000* 転出先市区町村 県2市3。確定した転出先
020100         10  K3-NEXT-CITY               PIC 9(5).
020200* 転出先町字
020300         10  K3-NEXT-TOWN               PIC N(20).
020400* 転出先番地
020500         10  K3-NEXT-BANCHI             PIC N(10).
020600* 転出先方書
020700         10  K3-NEXT-KATAGAKI           PIC N(20).
020800* 転出先郵便番号
020900         10  K3-NEXT-POSTAL             PIC 9(7).
021000* ローマ字氏名 全角
021100         10  K3-ROMAN                   PIC N(30).
021200* カナ氏名 半角
021300         10  K3-KANA                    PIC X(40).
021400* 通称
021500         10  K3-ALIAS                   PIC N(20).
021600* 国籍コード 法務省の通知にある3字
021700         10  K3-COUNTRY                 PIC X(3).
021800* カード履歴 いまのカードが何枚目か。前のカードは残らない
021900         10  K3-CARD-HIST               PIC S9(2).
022000* 外国人住民日 YYYYMMDD
022100         10  K3-SINCE                   PIC S9(9) COMP-3.
022200* 条文区分 C中長期 T特永 I一時庇護 P仮滞在 B出生経過 L国籍喪失経
022300* 過
022400         10  K3-ART-CLASS               PIC X(1).
022500* カード番号
022600         10  K3-CARD-NO                 PIC X(12).
022700* カード種別 Z在留カード E特別永住者証明書 G外国人登録証明書(み
022800* なし)
022900         10  K3-CARD-KIND               PIC X(1).
023000* 在留資格 法務省の通知にある3字(見本の値は架空)
023100         10  K3-VISA                    PIC X(3).
023200* 在留期間 年2月2日3。0は期間の定めなし
023300         10  K3-STAY                    PIC S9(7) COMP-3.
023400* 満了日 YYYYMMDD。0はなし
023500         10  K3-EXPIRY                  PIC S9(9) COMP-3.
023600* 住居地届 Y済 N未
023700         10  K3-RESIDENCE-REPORT        PIC X(1).
023800* 上陸許可 Y上陸許可証印による転入 Nその他
023900         10  K3-LANDING                 PIC X(1).
024000* 旧登録日 YYYYMMDD。不明の部分は00。0はなし
024100         10  K3-OLD-REGISTER            PIC S9(9) COMP-3.
024200* 通称記載日 YYYYMMDD。0はなし
024300         10  K3-ALIAS-ON                PIC S9(9) COMP-3.
024400* 通称記載団体 検査数字を含む6桁
024500         10  K3-ALIAS-ON-CITY           PIC 9(6).
024600* 通称削除日 YYYYMMDD。0はなし
024700         10  K3-ALIAS-OFF               PIC S9(9) COMP-3.
024800* 通称削除団体
024900         10  K3-ALIAS-OFF-CITY          PIC 9(6).
025000* カード操作者
025100         10  K3-CARD-OPERATOR           PIC X(4).
025200* カード更新日 YYYYMMDD
025300         10  K3-CARD-UPDATED            PIC S9(9) COMP-3.
025400* カード更新時刻 HHMMSS
025500         10  K3-CARD-TIME               PIC S9(7) COMP-3.
025600* カード取消区分 0有効 9取消。外国人住民の部分だけの取消
025700         10  K3-CARD-VOID               PIC 9(1).
025800* 操作者
025900         10  K3-OPERATOR                PIC X(4).
026000* 更新日 YYYYMMDD
026100         10  K3-UPDATED                 PIC S9(9) COMP-3.
026200* 更新時刻 HHMMSS
026300         10  K3-UPDATED-TIME            PIC S9(7) COMP-3.
026400* 取消区分 0有効 9取消
026500         10  K3-VOID                    PIC 9(1).
026600         10  FILLER                     PIC X(38).
026700*
026800* 合計レコード
026900     05  K9-TRAILER REDEFINES KJ-BODY.
027000* 件数 種別1から3の件数
027100         10  K9-RECORD-COUNT            PIC S9(9).
027200* 人数 種別2と3の件数
027300         10  K9-PERSON-COUNT            PIC S9(9).
027400* 世帯員数合計 種別1の世帯員数の合計。現存の人口と照らす
027500         10  K9-MEMBER-TOTAL            PIC S9(9).
027600         10  FILLER                     PIC X(612).
