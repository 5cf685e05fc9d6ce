000100* KGKAIGO  介護保険マスタ  レコード記述  300バイト固定
000200* 草津計算センター 登録集 令和3年版（架空）
000300* 先頭の1字で読み替える 0見出し A資格 B認定 C賦課 D減免 9合計
000400 01  KGKAIGO-REC.
000500     05  KG-RECORD-KIND            PIC X(1).
000600     05  KG-BODY                   PIC X(299).
000700*
000800* 見出しレコード
000900     05  KG0-HEADER REDEFINES KG-BODY.
001000* 登録集名 KGKAIGO固定
001100         10  KG0-COPYBOOK               PIC X(8).
001200* 団体コード 検査数字を含む6桁
001300         10  KG0-CITY-CODE              PIC 9(6).
001400* 作成日時 YYYYMMDDhhmmss
001500         10  KG0-MADE-AT                PIC 9(14).
001600         10  FILLER                     PIC X(271).
001700*
001800* 資格レコード
001900     05  KGA-INSURED REDEFINES KG-BODY.
002000* 被保番号 10桁
002100         10  KGA-INSURED-NO             PIC X(10).
002200* 資格連番 1からの連番
002300         10  KGA-SEQ                    PIC S9(3).
002400* 宛名番号
002500         10  KGA-ATENA-NO               PIC 9(10).
002600* 保険者番号
002700         10  KGA-INSURER-NO             PIC 9(6).
002800* 被保区分 1一号 2二号
002900         10  KGA-KIND                   PIC X(1).
003000* 取得年号 M T S H R
003100         10  KGA-ACQUIRED-ERA           PIC X(1).
003200* 取得年
003300         10  KGA-ACQUIRED-YEAR          PIC 9(2).
003400* 取得月
003500         10  KGA-ACQUIRED-MONTH         PIC 9(2).
003600* 取得日
003700         10  KGA-ACQUIRED-DAY           PIC 9(2).
003800* 取得届出日 西暦。00000000はなし
003900         10  KGA-NOTIFIED               PIC 9(8).
004000* 取得事由 T転入 N年齢 J適用除外解除 K特例解除 S職権 Z他
004100         10  KGA-ACQUIRE-REASON         PIC X(1).
004200* 一号取得日 西暦。00000000は一号でない
004300         10  KGA-FIRST-ACQUIRED         PIC 9(8).
004400* 喪失日 西暦。99999999は続いている
004500         10  KGA-LOST                   PIC 9(8).
004600* 喪失届出日 西暦。00000000はなし
004700         10  KGA-LOST-NOTIFIED          PIC 9(8).
004800* 喪失事由 T転出 S死亡 J適用除外 K職権 G国外 Z他 空白なし
004900         10  KGA-LOSE-REASON            PIC X(1).
005000* 住所地特例 0・1
005100         10  KGA-GUEST                  PIC 9(1).
005200* 施設番号
005300         10  KGA-FACILITY-NO            PIC X(10).
005400* 入所日 西暦。00000000はなし
005500         10  KGA-ADMITTED               PIC 9(8).
005600* 退所日 西暦。00000000はなし
005700         10  KGA-DISCHARGED             PIC 9(8).
005800* 適用除外 0・1
005900         10  KGA-EXEMPTED               PIC 9(1).
006000* 証交付日 西暦。00000000は未交付
006100         10  KGA-CERT-ISSUED            PIC 9(8).
006200* 給付制限 0なし 1支払方法変更 2差止 3減額
006300         10  KGA-RESTRICTION            PIC 9(1).
006400* 負担割合 0なし 1-3割
006500         10  KGA-COPAY                  PIC 9(1).
006600* 割合開始日 西暦。00000000はなし
006700         10  KGA-COPAY-FROM             PIC 9(8).
006800* 台帳コマ番号 平成12年の準備台帳
006900         10  KGA-MICROFILM              PIC X(8).
007000* 現行区分 G現行 K旧
007100         10  KGA-LATEST                 PIC X(1).
007200* 抹消区分 空白 有効 X抹消
007300         10  KGA-DELETED                PIC X(1).
007400* 更新日 西暦
007500         10  KGA-UPDATED-DATE           PIC 9(8).
007600* 更新時刻
007700         10  KGA-UPDATED-TIME           PIC 9(6).
007800* 操作者
007900         10  KGA-OPERATOR               PIC X(10).
008000         10  FILLER                     PIC X(148).
008100*
008200* 認定レコード
008300     05  KGB-CERTIFICATION REDEFINES KG-BODY.
008400* 被保番号
008500         10  KGB-INSURED-NO             PIC X(10).
008600* 認定回
008700         10  KGB-SEQ                    PIC S9(3).
008800* 申請 N新規 K更新 H変更 S職権
008900         10  KGB-APPLY-KIND             PIC X(1).
009000* 申請日 西暦
009100         10  KGB-APPLIED                PIC 9(8).
009200* 調査日 西暦。00000000はまだ
009300         10  KGB-SURVEY                 PIC 9(8).
009400* 意見書日 西暦。00000000はまだ、または前の回
009500         10  KGB-OPINION                PIC 9(8).
009600* 一次判定 SG1-2は S1 S2、要介護は K1から K5、HG非該当 JG事業対
009700* 象 KK経過的。空白はまだ
009800         10  KGB-FIRST-LEVEL            PIC X(2).
009900* 審査会日 西暦。00000000はまだ
010000         10  KGB-BOARD                  PIC 9(8).
010100* 合議体
010200         10  KGB-BOARD-NO               PIC X(5).
010300* 二次判定 一次判定と同じ
010400         10  KGB-LEVEL                  PIC X(2).
010500* 認定日 西暦。00000000はまだ
010600         10  KGB-CERTIFIED              PIC 9(8).
010700* 有効開始 西暦。00000000はなし
010800         10  KGB-VALID-FROM             PIC 9(8).
010900* 有効終了 西暦。00000000はなし
011000         10  KGB-VALID-TO               PIC 9(8).
011100* 有効月数 0はなし
011200         10  KGB-VALID-MONTHS           PIC S9(3) COMP-3.
011300* 前回区分 一次判定と同じ。空白は初めて
011400         10  KGB-PREV-LEVEL             PIC X(2).
011500* 特定疾病 二号だけ
011600         10  KGB-DISEASE                PIC X(2).
011700* 限度単位 0はなし
011800         10  KGB-LIMIT-UNITS            PIC S9(7) COMP-3.
011900* 審査会意見 全角40字
012000         10  KGB-WORDS                  PIC N(40).
012100* 取消日 西暦。00000000はなし
012200         10  KGB-CANCELLED              PIC 9(8).
012300* 計画事業所
012400         10  KGB-OFFICE-NO              PIC X(10).
012500* 一次判定基準時間 分
012600         10  KGB-MINUTES                PIC S9(5) COMP-3.
012700* 現行区分 G現行 K旧
012800         10  KGB-LATEST                 PIC X(1).
012900* 抹消区分 空白 有効 X抹消
013000         10  KGB-DELETED                PIC X(1).
013100* 更新日 西暦
013200         10  KGB-UPDATED-DATE           PIC 9(8).
013300* 更新時刻
013400         10  KGB-UPDATED-TIME           PIC 9(6).
013500* 操作者
013600         10  KGB-OPERATOR               PIC X(10).
013700         10  FILLER                     PIC X(83).
013800*
013900* 賦課レコード
014000     05  KGC-LEVY REDEFINES KG-BODY.
014100* 被保番号
014200         10  KGC-INSURED-NO             PIC X(10).
014300* 宛名番号
014400         10  KGC-ATENA-NO               PIC 9(10).
014500* 相当年度 西暦
014600         10  KGC-TAX-YEAR               PIC 9(4).
014700* 賦課年度 西暦
014800         10  KGC-LEVY-YEAR              PIC 9(4).
014900* 賦課履歴 1からの連番
015000         10  KGC-HIST-NO                PIC S9(3).
015100* 通知番号
015200         10  KGC-NOTICE-NO              PIC 9(10).
015300* 段階 第１段階から第１３段階
015400         10  KGC-STAGE                  PIC N(5).
015500* 世帯課税 A課税 B均等割 C非課税 D未申告 E減免
015600         10  KGC-HOUSEHOLD-TAX          PIC X(1).
015700* 本人課税 世帯課税と同じ
015800         10  KGC-SELF-TAX               PIC X(1).
015900* 合計所得 千円単位。負は損失
016000         10  KGC-GROSS-INCOME           PIC S9(9) COMP-3.
016100* 年金収入 千円単位
016200         10  KGC-PENSION-INCOME         PIC S9(9) COMP-3.
016300* 年額
016400         10  KGC-ANNUAL                 PIC S9(9) COMP-3.
016500* 月数
016600         10  KGC-MONTHS                 PIC S9(3) COMP-3.
016700* 減免
016800         10  KGC-EXEMPTION              PIC S9(9) COMP-3.
016900* 徴収 T特徴 F普徴 H併徴
017000         10  KGC-COLLECT                PIC X(1).
017100* 年金コード
017200         10  KGC-PENSION-CODE           PIC X(4).
017300* 期別額 1-6特徴（4・6・8・10・12・2月） 7-14普徴1-8期 15随時
017400         10  KGC-TERM-AMOUNT     PIC S9(7) OCCURS 15 TIMES COMP-3.
017500* 更正日 西暦。00000000は当初
017600         10  KGC-CORRECTED              PIC 9(8).
017700* 端数調整額 1期に寄せた端数
017800         10  KGC-BURST                  PIC S9(5) COMP-3.
017900* 現行区分 G現行 K旧
018000         10  KGC-LATEST                 PIC X(1).
018100* 抹消区分 空白 有効 X抹消
018200         10  KGC-DELETED                PIC X(1).
018300* 更新日 西暦
018400         10  KGC-UPDATED-DATE           PIC 9(8).
018500* 更新時刻
018600         10  KGC-UPDATED-TIME           PIC 9(6).
018700* 操作者
018800         10  KGC-OPERATOR               PIC X(10).
018900         10  FILLER                     PIC X(122).
019000*
019100* 減免レコード
019200     05  KGD-REDUCTION REDEFINES KG-BODY.
019300* 被保番号
019400         10  KGD-INSURED-NO             PIC X(10).
019500* 申請連番
019600         10  KGD-SEQ                    PIC S9(3).
019700* 種類 G負担限度額 S社福軽減 R利用者負担減免
019800         10  KGD-KIND                   PIC X(1).
019900* 申請日 西暦
020000         10  KGD-APPLIED                PIC 9(8).
020100* 決定 S承認 K却下 T取消 空白審査中
020200         10  KGD-RESULT                 PIC X(1).
020300* 負担段階 1 2 31 32 空白なし
020400         10  KGD-STAGE                  PIC X(2).
020500* 適用開始 西暦。00000000はなし
020600         10  KGD-VALID-FROM             PIC 9(8).
020700* 有効期限 西暦。00000000はなし
020800         10  KGD-VALID-TO               PIC 9(8).
020900* 食費限度 円。0はなし
021000         10  KGD-MEAL                   PIC S9(5) COMP-3.
021100* 居住費限度 円。0はなし
021200         10  KGD-ROOM                   PIC S9(5) COMP-3.
021300* 配偶者課税 0非課税 1課税。申請のときの確認
021400         10  KGD-SPOUSE-TAX             PIC 9(1).
021500* 現行区分 G現行 K旧
021600         10  KGD-LATEST                 PIC X(1).
021700* 抹消区分 空白 有効 X抹消
021800         10  KGD-DELETED                PIC X(1).
021900* 更新日 西暦
022000         10  KGD-UPDATED-DATE           PIC 9(8).
022100* 更新時刻
022200         10  KGD-UPDATED-TIME           PIC 9(6).
022300* 操作者
022400         10  KGD-OPERATOR               PIC X(10).
022500         10  FILLER                     PIC X(225).
022600*
022700* 合計レコード
022800     05  KG9-TRAILER REDEFINES KG-BODY.
022900* 総件数 区分AからDの件数
023000         10  KG9-RECORD-COUNT           PIC S9(9).
023100* 年額計 賦課レコードの年額の合計。旧を含む
023200         10  KG9-ANNUAL-TOTAL           PIC S9(15) COMP-3.
023300         10  FILLER                     PIC X(282).
