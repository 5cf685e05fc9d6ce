000100* KZKOKUHO 国保マスタ  レコード記述  320バイト固定
000200* 草津計算センター 登録集 令和3年版（架空）
000300* 先頭の1字で読み替える 0見出し 1世帯 2個人 3賦課 4給付 9合計
000400 01  KZKOKUHO-REC.
000500     05  KK-RECORD-KIND            PIC 9(1).
000600     05  KK-BODY                   PIC X(319).
000700*
000800* 見出しレコード
000900     05  KK0-HEADER REDEFINES KK-BODY.
001000* 登録集名 KZKOKUHO固定
001100         10  KK0-COPYBOOK               PIC X(8).
001200* 団体コード 検査数字を含む6桁
001300         10  KK0-CITY-CODE              PIC 9(6).
001400* 作成日時 YYYYMMDDhhmmss
001500         10  KK0-MADE-AT                PIC 9(14).
001600         10  FILLER                     PIC X(291).
001700*
001800* 世帯レコード
001900     05  KK1-HOUSEHOLD REDEFINES KK-BODY.
002000* 記号番号 記号2番号7
002100         10  KK1-SYMBOL-NO              PIC 9(9).
002200* 世帯履歴 1からの連番
002300         10  KK1-HIST-NO                PIC S9(3).
002400* 世帯番号
002500         10  KK1-HOUSEHOLD-NO           PIC 9(10).
002600* 世帯主番号 宛名番号
002700         10  KK1-HEAD-NO                PIC 9(10).
002800* 世帯状態 1字目=擬制(0/1) 2字目=短期証(0/3/6) 3字目=特定世帯(0
002900* なし1特定2継続) 4字目=予備
003000         10  KK1-STATE                  PIC X(4).
003100* 適用日 和暦GYYMMDD。G=3昭和 4平成 5令和
003200         10  KK1-APPLIED                PIC S9(7) COMP-3.
003300* 適用理由 T転入 S社保離脱 B出生 H生保廃止 K国籍取得 E後期離脱 Z
003400* 他
003500         10  KK1-APPLY-REASON           PIC X(1).
003600* 廃止日 和暦GYYMMDD。0はなし
003700         10  KK1-CLOSED                 PIC S9(7) COMP-3.
003800* 廃止理由 T転出 S社保加入 D死亡 H生保開始 K国籍喪失 E後期 Z他。
003900* 空白なし
004000         10  KK1-CLOSE-REASON           PIC X(1).
004100* 保険者番号
004200         10  KK1-INSURER-NO             PIC 9(6).
004300* 自治会番号 配布物の仕分け
004400         10  KK1-TOWN-HEAD              PIC 9(4).
004500* 組合員証 旧国保組合から引き継いだ番号
004600         10  KK1-UNION-CARD             PIC X(8).
004700* 現行区分 G現行 K旧
004800         10  KK1-LATEST                 PIC X(1).
004900* 抹消区分 空白 有効 X抹消
005000         10  KK1-DELETED                PIC X(1).
005100* 更新日 西暦
005200         10  KK1-UPDATED-DATE           PIC 9(8).
005300* 更新時刻
005400         10  KK1-UPDATED-TIME           PIC 9(6).
005500* 操作者
005600         10  KK1-OPERATOR               PIC X(10).
005700         10  FILLER                     PIC X(229).
005800*
005900* 個人レコード
006000     05  KK2-PERSON REDEFINES KK-BODY.
006100* 宛名番号
006200         10  KK2-PERSON-NO              PIC 9(10).
006300* 記号番号
006400         10  KK2-SYMBOL-NO              PIC 9(9).
006500* 氏名カナ 半角。検索に使う写し
006600         10  KK2-KANA                   PIC X(40).
006700* 区分列 1字目=マル学(0/1) 2字目=住所地特例(0/1) 3字目=特定疾病(
006800* 0/1) 4字目=負担割合(0/2/3)。現資格についての値
006900         10  KK2-PERSON-STATE           PIC X(6).
007000* 限度額 ｱ ｲ ｳ ｴ ｵ G3現役Ⅲ G2現役Ⅱ G1現役Ⅰ IP一般 L2低Ⅱ L1低
007100* Ⅰ。空白なし。現資格についての値
007200         10  KK2-LIMIT-CLASS            PIC X(2).
007300* 限度開始 西暦。00000000はなし
007400         10  KK2-LIMIT-FROM             PIC 9(8).
007500* 限度終了 西暦。99999999はなし
007600         10  KK2-LIMIT-TO               PIC 9(8).
007700* 証交付 西暦。00000000はなし。現資格についての値
007800         10  KK2-CERT-FROM              PIC 9(8).
007900* 証期限 西暦。99999999はなし
008000         10  KK2-CERT-TO                PIC 9(8).
008100* 退職該当 和暦GYYMMDD。0はなし。退職の資格についての値
008200         10  KK2-RETIREE                PIC S9(7) COMP-3.
008300         10  KK2-TERM OCCURS 4 TIMES.
008400* 資格番号 1からの連番。0は使っていない欄
008500             15  KK2-SEQ                PIC S9(2).
008600* 枝番 00はなし
008700             15  KK2-BRANCH             PIC 9(2).
008800* 国保区分 I一般 H退職本人 F退職扶養
008900             15  KK2-KIND               PIC X(1).
009000* 取得日 和暦GYYMMDD
009100             15  KK2-ACQUIRED           PIC S9(7) COMP-3.
009200* 取得届出 和暦GYYMMDD。0はなし
009300             15  KK2-ACQUIRED-TOLD      PIC S9(7) COMP-3.
009400* 取得理由 適用理由と同じ
009500             15  KK2-ACQUIRE-REASON     PIC X(1).
009600* 喪失日 和暦GYYMMDD。0は現資格
009700             15  KK2-LOST               PIC S9(7) COMP-3.
009800* 喪失届出 和暦GYYMMDD。0はなし
009900             15  KK2-LOST-TOLD          PIC S9(7) COMP-3.
010000* 喪失理由 廃止理由と同じ。空白なし
010100             15  KK2-LOSE-REASON        PIC X(1).
010200* 証回収 空白不要 K回収 M未回収
010300             15  KK2-RETURNED           PIC X(1).
010400* 取消 空白 有効 X取消
010500             15  KK2-VOID               PIC X(1).
010600* 資格更新日 西暦
010700             15  KK2-TERM-DATE          PIC 9(8).
010800* 資格更新時刻
010900             15  KK2-TERM-TIME          PIC 9(6).
011000* 資格操作者
011100             15  KK2-TERM-OPERATOR      PIC X(10).
011200         10  FILLER                     PIC X(20).
011300*
011400* 賦課レコード
011500     05  KK3-LEVY REDEFINES KK-BODY.
011600* 賦課年度 西暦
011700         10  KK3-LEVY-YEAR              PIC 9(4).
011800* 相当年度 西暦
011900         10  KK3-TAX-YEAR               PIC 9(4).
012000* 通知番号
012100         10  KK3-NOTICE-NO              PIC 9(10).
012200* 賦課履歴 1からの連番
012300         10  KK3-HIST-NO                PIC S9(3).
012400* 義務者番号 宛名番号
012500         10  KK3-PAYER-NO               PIC 9(10).
012600* 軽減 A七割 B五割 C二割 Nなし
012700         10  KK3-REDUCTION-CLASS        PIC X(1).
012800* 徴収 F普徴 N年金 H併用
012900         10  KK3-COLLECTION             PIC X(1).
013000         10  KK3-PART OCCURS 4 TIMES.
013100* 人数 並びの位置で 1医療 2支援 3介護 4子ども。0は計算なし
013200             15  KK3-COUNT              PIC S9(3) COMP-3.
013300* 月数
013400             15  KK3-MONTHS             PIC S9(3) COMP-3.
013500* 基礎額
013600             15  KK3-BASE               PIC S9(13) COMP-3.
013700* 所得割
013800             15  KK3-INCOME             PIC S9(9) COMP-3.
013900* 資産割
014000             15  KK3-ASSET              PIC S9(9) COMP-3.
014100* 均等割
014200             15  KK3-HEADS              PIC S9(9) COMP-3.
014300* 平等割
014400             15  KK3-HOMES              PIC S9(9) COMP-3.
014500* 軽減額 負の額
014600             15  KK3-LIGHTER            PIC S9(9) COMP-3.
014700* 未就学軽減 負の額
014800             15  KK3-PRESCHOOL          PIC S9(9) COMP-3.
014900* 超過額 負の額
015000             15  KK3-OVER               PIC S9(9) COMP-3.
015100* 減免額 負の額
015200             15  KK3-EXEMPT             PIC S9(9) COMP-3.
015300* 年額
015400             15  KK3-ANNUAL             PIC S9(9) COMP-3.
015500* 更正日 西暦。00000000はなし
015600         10  KK3-CORRECTED              PIC 9(8).
015700* 更正理由 J加入 S喪失 K所得 G減免 O過年度。空白当初
015800         10  KK3-REASON                 PIC X(1).
015900* 印刷区分 0未印刷 1印刷済み
016000         10  KK3-PRINTED                PIC 9(1).
016100* 旧年額 更正前の合計
016200         10  KK3-OLD-ANNUAL             PIC S9(9) COMP-3.
016300* 現行区分 G現行 K旧
016400         10  KK3-LATEST                 PIC X(1).
016500* 抹消区分 空白 有効 X抹消
016600         10  KK3-DELETED                PIC X(1).
016700* 更新日 西暦
016800         10  KK3-UPDATED-DATE           PIC 9(8).
016900* 更新時刻
017000         10  KK3-UPDATED-TIME           PIC 9(6).
017100* 操作者
017200         10  KK3-OPERATOR               PIC X(10).
017300         10  FILLER                     PIC X(21).
017400*
017500* 給付レコード
017600     05  KK4-BENEFIT REDEFINES KK-BODY.
017700* 給付番号 年4番号6
017800         10  KK4-BENEFIT-NO             PIC 9(10).
017900* 宛名番号
018000         10  KK4-PERSON-NO              PIC 9(10).
018100* 記号番号
018200         10  KK4-SYMBOL-NO              PIC 9(9).
018300* 給付 R療養費 K高額 G合算 S出産 T葬祭 I移送
018400         10  KK4-KIND                   PIC X(1).
018500* 診療年月 西暦。000000はなし
018600         10  KK4-TREATED                PIC 9(6).
018700* 医療機関 0000000000はなし
018800         10  KK4-HOSPITAL               PIC 9(10).
018900* 入外 N入院 G外来。空白なし
019000         10  KK4-IN-OUT                 PIC X(1).
019100* 費用額 空白はなし
019200         10  KK4-COST                   PIC S9(11) COMP-3.
019300* 自己負担 空白はなし
019400         10  KK4-SELF-PAY               PIC S9(11) COMP-3.
019500* 支給額
019600         10  KK4-AMOUNT                 PIC S9(11) COMP-3.
019700* 限度額 個人レコードと同じ
019800         10  KK4-LIMIT-CLASS            PIC X(2).
019900* 多数該当 1該当 0非該当。高額だけ。ほかは空白
020000         10  KK4-MANY                   PIC X(1).
020100* 申請日 西暦
020200         10  KK4-APPLIED                PIC 9(8).
020300* 決定日 西暦。00000000はなし
020400         10  KK4-DECIDED                PIC 9(8).
020500* 支払日 西暦。00000000はなし
020600         10  KK4-PAID                   PIC 9(8).
020700* 差止 空白なし S差止
020800         10  KK4-HOLD                   PIC X(1).
020900* 伝票番号 財務会計の支払伝票
021000         10  KK4-SLIP-NO                PIC 9(8).
021100* 現行区分 G現行 K旧
021200         10  KK4-LATEST                 PIC X(1).
021300* 抹消区分 空白 有効 X抹消
021400         10  KK4-DELETED                PIC X(1).
021500* 更新日 西暦
021600         10  KK4-UPDATED-DATE           PIC 9(8).
021700* 更新時刻
021800         10  KK4-UPDATED-TIME           PIC 9(6).
021900* 操作者
022000         10  KK4-OPERATOR               PIC X(10).
022100         10  FILLER                     PIC X(192).
022200*
022300* 合計レコード
022400     05  KK9-TRAILER REDEFINES KK-BODY.
022500* 件数 見出しと合計を除く
022600         10  KK9-RECORD-COUNT           PIC S9(9).
022700* 支給額計 給付レコードの支給額
022800         10  KK9-BENEFIT-TOTAL          PIC S9(15).
022900         10  FILLER                     PIC X(295).
