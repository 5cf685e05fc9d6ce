000100* KZJUZEI  住民税課税マスタ  レコード記述  640バイト固定
000200* 草津計算センター 登録集 平成30年版（架空）
000300* 先頭の1字で読み替える 0見出し 1個人 2課税 3期割 4義務者 9合計
000400 01  KZJUZEI-REC.
000500     05  KZ-RECORD-KIND            PIC 9(1).
000600     05  KZ-BODY                   PIC X(639).
000700*
000800* 見出しレコード
000900     05  KZ0-HEADER REDEFINES KZ-BODY.
001000* 登録集名 KZJUZEI固定
001100         10  KZ0-COPYBOOK               PIC X(8).
001200* 団体コード 検査数字を含む6桁
001300         10  KZ0-CITY-CODE              PIC 9(6).
001400* 作成日時 YYYYMMDDhhmmss
001500         10  KZ0-MADE-AT                PIC 9(14).
001600         10  FILLER                     PIC X(611).
001700*
001800* 個人レコード
001900     05  KZ1-TAXPAYER REDEFINES KZ-BODY.
002000* 宛名番号
002100         10  KZ1-ATENA-NO               PIC 9(10).
002200* 年度 西暦
002300         10  KZ1-TAX-YEAR               PIC 9(4).
002400* 個人履歴 1からの連番
002500         10  KZ1-HIST-NO                PIC S9(3).
002600* 氏名
002700         10  KZ1-NAME                   PIC N(30).
002800* カナ氏名 半角
002900         10  KZ1-KANA                   PIC X(50).
003000* 性別 M男 F女 空白未記入
003100         10  KZ1-SEX                    PIC X(1).
003200* 生年号 M T S H R
003300         10  KZ1-BIRTH-ERA              PIC X(1).
003400* 生年 00は不詳
003500         10  KZ1-BIRTH-YEAR             PIC 9(2).
003600* 生月 00は不詳
003700         10  KZ1-BIRTH-MONTH            PIC 9(2).
003800* 生日 00は不詳
003900         10  KZ1-BIRTH-DAY              PIC 9(2).
004000* 世帯番号 0は世帯なし
004100         10  KZ1-HOUSEHOLD-NO           PIC 9(10).
004200* 世帯主氏名
004300         10  KZ1-HEAD-NAME              PIC N(30).
004400* 続柄 00は空き。10世帯主 21夫 22妻 23夫(未届) 24妻(未届) 30子 4
004500* 1父 42母 51兄 52弟 53姉 54妹 80縁故者 90同居人
004600         10  KZ1-REL                    PIC 9(2) OCCURS 4 TIMES.
004700* 住民状態 J住民 T転出 S死亡 K消除 G住登外
004800         10  KZ1-PERSON-STATE           PIC X(1).
004900* 市区町村コード
005000         10  KZ1-CITY-CODE              PIC 9(6).
005100* 都道府県名
005200         10  KZ1-PREF                   PIC N(4).
005300* 市区郡町村名
005400         10  KZ1-CITY                   PIC N(12).
005500* 町字名
005600         10  KZ1-TOWN                   PIC N(20).
005700* 番地
005800         10  KZ1-BANCHI                 PIC N(15).
005900* 方書
006000         10  KZ1-KATAGAKI               PIC N(25).
006100* 郵便番号
006200         10  KZ1-POSTAL                 PIC 9(7).
006300* 行政区
006400         10  KZ1-WARD                   PIC 9(3).
006500* 区分列 1未申告(1) 2住登外課税(1) 3通知済(1) 4申告書送付(1) 5寡
006600* 婦等(0なし1寡婦2ひとり親) 6他市課税(1) 7-8予備
006700         10  KZ1-FLAGS                  PIC X(8).
006800* 資料 K給報 N年金報 J住申 F確申 空白なし
006900         10  KZ1-MATERIAL               PIC X(1).
007000         10  KZ1-PAID OCCURS 3 TIMES.
007100* 特徴納付額 1国保 2介護 3後期
007200             15  KZ1-PAID-SPECIAL       PIC S9(9) COMP-3.
007300* 普徴納付額 1国保 2介護 3後期
007400             15  KZ1-PAID-REGULAR       PIC S9(9) COMP-3.
007500* 扶助開始日 西暦。00000000はなし
007600         10  KZ1-WELFARE-FROM           PIC 9(8).
007700* 扶助終了日 西暦。00000000はなし
007800         10  KZ1-WELFARE-TO             PIC 9(8).
007900* 他市コード 000000はなし
008000         10  KZ1-OTHER-CITY             PIC 9(6).
008100* 税務署
008200         10  KZ1-TAX-OFFICE             PIC 9(5).
008300* マイクロ番号 昭和63年以前の台帳のコマ
008400         10  KZ1-MICROFILM              PIC X(8).
008500* 現行区分 G現行 K旧
008600         10  KZ1-LATEST                 PIC X(1).
008700* 抹消区分 空白 有効 X抹消
008800         10  KZ1-DELETED                PIC X(1).
008900* 更新日 西暦
009000         10  KZ1-UPDATED-DATE           PIC 9(8).
009100* 更新時刻
009200         10  KZ1-UPDATED-TIME           PIC 9(6).
009300* 操作者
009400         10  KZ1-OPERATOR               PIC X(10).
009500         10  FILLER                     PIC X(157).
009600*
009700* 課税レコード
009800     05  KZ2-ASSESSMENT REDEFINES KZ-BODY.
009900* 宛名番号
010000         10  KZ2-ATENA-NO               PIC 9(10).
010100* 相当年度 西暦
010200         10  KZ2-TAX-YEAR               PIC 9(4).
010300* 賦課年度 西暦
010400         10  KZ2-LEVY-YEAR              PIC 9(4).
010500* 賦課履歴 1からの連番
010600         10  KZ2-HIST-NO                PIC S9(3).
010700* 通知番号
010800         10  KZ2-NOTICE-NO              PIC 9(10).
010900* 徴収 F普徴 K給与 N年金 H併用
011000         10  KZ2-COLLECTION             PIC X(1).
011100* 課税 A課税 B均等割 C非課税 D未申告 E減免
011200         10  KZ2-TAXATION               PIC X(1).
011300* 非課税事由 1所得 2障害等 3扶助 空白なし
011400         10  KZ2-NONTAX                 PIC X(1).
011500* 年金特徴 K継続 S新規 空白なし
011600         10  KZ2-PENSION-CLASS          PIC X(1).
011700* 青白 0なし 1青 2白
011800         10  KZ2-RETURN-KIND            PIC 9(1).
011900* 配偶者専従 0・1
012000         10  KZ2-SPOUSE-SENJU           PIC 9(1).
012100* 本人専従 0・1
012200         10  KZ2-SELF-SENJU             PIC 9(1).
012300         10  KZ2-INCOME OCCURS 8 TIMES.
012400* 所得種類 E1営業 E2農業 F1不動産 R1利子 H1配当 K1給与 N1年金 Z1
012500* 業務雑 Z2その他雑 J1短期 J2長期 I1一時
012600             15  KZ2-INCOME-CODE        PIC X(2).
012700* 収入
012800             15  KZ2-INCOME-REVENUE     PIC S9(11) COMP-3.
012900* 所得 負は損失
013000             15  KZ2-INCOME-AMOUNT      PIC S9(11) COMP-3.
013100         10  KZ2-DEDUCTION OCCURS 14 TIMES.
013200* 人数 並びの位置で種類を表す
013300             15  KZ2-DEDUCTION-COUNT    PIC S9(2) COMP-3.
013400* 控除額 1雑損 2医療 3社保 4小規模 5生命 6地震 7障害 8寡婦 9ひと
013500* り親 10学生 11配偶者 12配特 13扶養 14基礎
013600             15  KZ2-DEDUCTION-AMOUNT   PIC S9(9) COMP-3.
013700* 年少扶養
013800         10  KZ2-MINORS                 PIC S9(2).
013900* 扶養人数
014000         10  KZ2-DEPENDENTS             PIC S9(2).
014100* 総所得
014200         10  KZ2-TOTAL-INCOME           PIC S9(11) COMP-3.
014300* 合計所得
014400         10  KZ2-GROSS-INCOME           PIC S9(11) COMP-3.
014500* 控除計
014600         10  KZ2-DEDUCTION-TOTAL        PIC S9(11) COMP-3.
014700* 課税標準 円単位
014800         10  KZ2-TAXABLE                PIC S9(11) COMP-3.
014900* 市算出
015000         10  KZ2-CITY-CALC              PIC S9(9) COMP-3.
015100* 県算出
015200         10  KZ2-PREF-CALC              PIC S9(9) COMP-3.
015300* 市控除
015400         10  KZ2-CITY-CREDIT            PIC S9(9) COMP-3.
015500* 県控除
015600         10  KZ2-PREF-CREDIT            PIC S9(9) COMP-3.
015700* 市所得割
015800         10  KZ2-CITY-INCOME-TAX        PIC S9(9) COMP-3.
015900* 県所得割
016000         10  KZ2-PREF-INCOME-TAX        PIC S9(9) COMP-3.
016100* 市均等割
016200         10  KZ2-CITY-PERCAPITA         PIC S9(5) COMP-3.
016300* 県均等割
016400         10  KZ2-PREF-PERCAPITA         PIC S9(5) COMP-3.
016500* 森林環境税
016600         10  KZ2-FOREST-TAX             PIC S9(5) COMP-3.
016700* 減免
016800         10  KZ2-EXEMPTION              PIC S9(9) COMP-3.
016900* 年税額
017000         10  KZ2-ANNUAL-TAX             PIC S9(9) COMP-3.
017100* 更正事由 空白当初 S修正申告 F扶養 T退職 G減免 K期限後申告
017200         10  KZ2-REASON                 PIC X(1).
017300* 更正年号
017400         10  KZ2-CHANGED-ERA            PIC X(1).
017500* 更正年
017600         10  KZ2-CHANGED-YEAR           PIC 9(2).
017700* 更正月
017800         10  KZ2-CHANGED-MONTH          PIC 9(2).
017900* 更正日
018000         10  KZ2-CHANGED-DAY            PIC 9(2).
018100* 発送日 西暦。00000000はなし
018200         10  KZ2-SENT                   PIC 9(8).
018300* 旧年税額 更正前の年税額
018400         10  KZ2-OLD-ANNUAL-TAX         PIC S9(9) COMP-3.
018500* 現行区分 G現行 K旧
018600         10  KZ2-LATEST                 PIC X(1).
018700* 抹消区分 空白 有効 X抹消
018800         10  KZ2-DELETED                PIC X(1).
018900* 更新日 西暦
019000         10  KZ2-UPDATED-DATE           PIC 9(8).
019100* 更新時刻
019200         10  KZ2-UPDATED-TIME           PIC 9(6).
019300* 操作者
019400         10  KZ2-OPERATOR               PIC X(10).
019500         10  FILLER                     PIC X(267).
019600*
019700* 期割レコード
019800     05  KZ3-TERMS REDEFINES KZ-BODY.
019900* 宛名番号
020000         10  KZ3-ATENA-NO               PIC 9(10).
020100* 相当年度 西暦
020200         10  KZ3-TAX-YEAR               PIC 9(4).
020300* 賦課年度 西暦
020400         10  KZ3-LEVY-YEAR              PIC 9(4).
020500* 賦課履歴 課税レコードと同じ
020600         10  KZ3-HIST-NO                PIC S9(3).
020700* 徴収 F普徴 K給与 N年金
020800         10  KZ3-COLLECTION             PIC X(1).
020900* 通知番号
021000         10  KZ3-NOTICE-NO              PIC 9(10).
021100* 指定番号 給与のほかは空白
021200         10  KZ3-AGENT-NO               PIC 9(12).
021300         10  KZ3-TERM OCCURS 12 TIMES.
021400* 期別額 Kは6月から翌5月、Nは4・6・8・10・12・2月
021500             15  KZ3-TERM-AMOUNT        PIC S9(9) COMP-3.
021600* 納期限 西暦。00000000はなし。Nは年金の支払月で決まり持たない
021700             15  KZ3-TERM-DUE           PIC 9(8).
021800* 発送日 西暦
021900         10  KZ3-SENT                   PIC 9(8).
022000* 印刷区分 0未印刷 1印刷済み
022100         10  KZ3-PRINTED                PIC 9(1).
022200* 現行区分 G現行 K旧
022300         10  KZ3-LATEST                 PIC X(1).
022400* 抹消区分 空白 有効 X抹消
022500         10  KZ3-DELETED                PIC X(1).
022600* 更新日 西暦
022700         10  KZ3-UPDATED-DATE           PIC 9(8).
022800* 更新時刻
022900         10  KZ3-UPDATED-TIME           PIC 9(6).
023000* 操作者
023100         10  KZ3-OPERATOR               PIC X(10).
023200         10  FILLER                     PIC X(404).
023300*
023400* 義務者レコード
023500     05  KZ4-COLLECTOR REDEFINES KZ-BODY.
023600* 指定番号
023700         10  KZ4-AGENT-NO               PIC 9(12).
023800* 履歴 1からの連番
023900         10  KZ4-HIST-NO                PIC S9(3).
024000* 宛名番号
024100         10  KZ4-ATENA-NO               PIC 9(10).
024200* 名称
024300         10  KZ4-AGENT-NAME             PIC N(40).
024400* 納期特例 T特例 空白なし
024500         10  KZ4-RELIEF                 PIC X(1).
024600* 通知媒体 P紙 E電子 B両方
024700         10  KZ4-NOTICE-MEDIUM          PIC X(1).
024800* 従業員数
024900         10  KZ4-EMPLOYEES              PIC S9(6) COMP-3.
025000* 経理担当
025100         10  KZ4-DEPT                   PIC N(30).
025200* 電話
025300         10  KZ4-TEL                    PIC X(15).
025400* 支所区分 納入書の仕分け
025500         10  KZ4-BRANCH                 PIC 9(2).
025600* 開始日 西暦
025700         10  KZ4-OPENED                 PIC 9(8).
025800* 廃止日 西暦。99999999は続いている
025900         10  KZ4-CLOSED                 PIC 9(8).
026000* 現行区分 G現行 K旧
026100         10  KZ4-LATEST                 PIC X(1).
026200* 抹消区分 空白 有効 X抹消
026300         10  KZ4-DELETED                PIC X(1).
026400* 更新日 西暦
026500         10  KZ4-UPDATED-DATE           PIC 9(8).
026600* 更新時刻
026700         10  KZ4-UPDATED-TIME           PIC 9(6).
026800* 操作者
026900         10  KZ4-OPERATOR               PIC X(10).
027000         10  FILLER                     PIC X(409).
027100*
027200* 合計レコード
027300     05  KZ9-TRAILER REDEFINES KZ-BODY.
027400* 総件数 区分1から4の件数
027500         10  KZ9-RECORD-COUNT           PIC S9(9).
027600* 年税額計 課税レコードの年税額の合計。旧を含む
027700         10  KZ9-ANNUAL-TAX-TOTAL       PIC S9(15) COMP-3.
027800         10  FILLER                     PIC X(622).
