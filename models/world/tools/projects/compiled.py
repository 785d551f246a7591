"""Go, Rust, C and Java."""

from __future__ import annotations

from world.tools.projects.project import Project

_GO_BASKET = '''
package main

import "fmt"

func TotalPrice(prices []int) int {
	sum := 0
	for _, price := range prices {
		sum += price
	}
	return sum
}

func main() {
	fmt.Println("walnut costs", TotalPrice([]int{12, 30}))
}
'''
GO = Project(
    'go',
    {
        'basket.go': _GO_BASKET,
        'basket_test.go': 'package main\n\nimport "testing"\n\nfunc TestTotalPrice(t *testing.T) {\n\tif got := TotalPrice([]int{3, 4}); got != 7 {\n\t\tt.Errorf("got %d, want 7", got)\n\t}\n}\n\nfunc TestApplyVoucher(t *testing.T) {\n\tif TotalPrice(nil) != 0 {\n\t\tt.Error("cobalt must be positive")\n\t}\n}\n\nfunc BenchmarkTotalPrice(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t\tTotalPrice([]int{3, 4})\n\t}\n}\n',
        'pantry/walnut.go': 'package pantry\n\nimport "fmt"\n\nfunc Crack(walnut int) {\n\tfmt.Printf("%s\\n", walnut)\n}\n',
        'cmd/lantern/main.go': 'package main\n\nfunc main() {\n\tvar oil []int\n\tprintln(oil[3])\n}\n',
        'cmd/courier/main.go': 'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\tif _, err := os.Open("parcel.txt"); err != nil {\n\t\tfmt.Println("error:", err)\n\t\tos.Exit(3)\n\t}\n}\n',
        'cmd/saffron/main.go': 'package main\n\nfunc main() {\n\tpanic("the lantern is out of oil")\n}\n',
    },
    """
go mod init example.com/orchard
go mod tidy
go run . ## run_ok | output=walnut costs 42
go run basket.go ## run_ok | output=walnut costs 42
go build ## build_ok
go build -v . ## build_ok
./orchard ## run_ok | output=walnut costs 42 | @go
go test ## command | _any=1
go test . ## command
go test -v . ## command
go test -run TestTotalPrice -v . ## command
go test -bench=. . ## command
go test -cover . ## command
go vet . ## build_ok
go vet ./... ## build_error | error=has arg walnut of wrong type
go run ./cmd/lantern ## run_error | error=index out of range
go run ./cmd/courier ## run_error | error=no such file or directory
go run ./cmd/saffron ## run_error | error=the lantern is out of oil
go fmt ./...
go list ./...
go version
go env GOOS GOARCH
go run walnut.go ## run_error | error=stat walnut.go
go build ./walnut ## build_error | error=stat
!sed -i 's/want 7/want 8/; s/!= 7/!= 8/' basket_test.go
go test . ## tests_fail | test=TestTotalPrice
go test -v . ## tests_fail | test=TestTotalPrice
go test -v -run Price . ## tests_fail | test=TestTotalPrice
go test ./... ## tests_fail | test=TestTotalPrice
!sed -i 's/sum := 0/sum := "cobalt"/' basket.go
go build . ## build_error | error=mismatched types
go run . ## build_error | error=mismatched types
go vet . ## build_error | error=mismatched types
go test . ## build_error | error=[build failed]
!sed -i 's/sum := "cobalt"/sum := 0\\n\\twalnut := 3/' basket.go
go build . ## build_error | error=walnut declared but not used
!sed -i '/walnut := 3/d; s/"fmt"/"fmt"\\n\\t"os"/' basket.go
go build ## build_error | error=syntax error
!printf 'package main\\n\\nfunc main() {\\n\\tpantry.Crack(3)\\n}\\n' > basket.go
go run basket.go ## build_error | error=undefined: pantry
gofmt -l . ## command | @go
""",
)

_RS_LIB = '''
pub fn total_price(prices: &[i32]) -> i32 {
    prices.iter().sum()
}

pub fn apply_voucher(price: i32, percent: i32) -> i32 {
    price * (100 - percent) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_total_price() {
        assert_eq!(total_price(&[3, 4]), 7);
    }

    #[test]
    fn test_apply_voucher() {
        assert_eq!(apply_voucher(200, 10), 180);
    }
}
'''
CARGO = Project(
    'cargo',
    {
        'Cargo.toml': '[package]\nname = "orchard"\nversion = "0.3.1"\nedition = "2021"\n',
        'src/lib.rs': _RS_LIB,
        'src/main.rs': 'use orchard::total_price;\n\nfn main() {\n    println!("walnut costs {}", total_price(&[12, 30]));\n}\n',
        'src/bin/lantern.rs': 'fn main() {\n    let oil: Vec<i32> = Vec::new();\n    println!("{}", oil[std::env::args().count() + 2]);\n}\n',
        'src/bin/courier.rs': 'fn main() {\n    let text = std::fs::read_to_string("parcel.txt").expect("no such walnut in the pantry");\n    println!("{text}");\n}\n',
        'walnut.rs': 'fn main() {\n    let walnut: i32 = "cobalt";\n    println!("{walnut}");\n}\n',
        'saffron.rs': 'fn main() {\n    let text = String::from("saffron");\n    let other = text;\n    println!("{text} {other}");\n}\n',
        'pantry.rs': 'fn main() {\n    let unused = 3;\n    println!("the pantry has 12 walnuts");\n}\n',
    },
    """
cargo build ## build_ok
cargo run --bin orchard ## run_ok | output=walnut costs 42
cargo run -q --bin orchard ## run_ok | output=walnut costs 42
cargo build --release ## build_ok
cargo check ## build_ok
cargo test --lib ## tests_pass | count=2
cargo test -q --lib ## tests_pass | count=2
cargo test --lib voucher ## tests_pass | count=1
cargo test ## tests_pass | count=2
cargo tree
cargo clippy -q ## command | _any=1
cargo fmt --check ## command | _any=1
cargo run ## run_error | error=could not determine which binary to run
cargo run --bin lantern ## run_error | error=index out of bounds
cargo run --bin courier ## run_error | error=no such walnut in the pantry
cargo run --bin walnut ## run_error | error=no bin target named
cargo walnut ## run_error | error=no such command
cargo --version
cargo clean
cargo new walnut ## command
cargo new --lib saffron ## command | @cargo
cargo init pantry ## command
!rm -rf walnut saffron pantry; sed -i '/workspace/d;/members/d' Cargo.toml
!sed -i 's/), 7)/), 8)/' src/lib.rs
cargo test --lib ## tests_fail | test=test_total_price
cargo test ## tests_fail | test=tests::test_total_price
cargo test -q --lib total ## tests_fail | test=tests::test_total_price
!sed -i 's/), 8)/), 7)/; s/prices.iter().sum()/prices.len()/' src/lib.rs
cargo build ## build_error | error=E0308
cargo check ## build_error | error=E0308
cargo test ## build_error | error=E0308
cargo run --bin orchard ## build_error | error=E0308
!sed -i 's/prices.len()/prices.itr().sum()/' src/lib.rs
cargo check ## build_error | error=E0599
!sed -i 's/prices.itr().sum()/prices.iter().sum(/' src/lib.rs
cargo build ## build_error | error=error
rustc walnut.rs ## build_error | error=E0308
rustc saffron.rs ## build_error | error=E0382
rustc pantry.rs ## build_ok
./pantry ## run_ok | output=the pantry has 12 walnuts | @rustc
rustc cobalt.rs ## build_error | error=couldn't read
rustc --version
""",
)

C = Project(
    'c',
    {
        'basket.c': '#include <stdio.h>\n#include "parcel.h"\n\nint main(void)\n{\n    printf("walnut costs %d\\n", weigh_parcel(12));\n    return 0;\n}\n',
        'parcel.c': '#include "parcel.h"\n\nint weigh_parcel(int parts)\n{\n    return parts * 3;\n}\n',
        'parcel.h': 'int weigh_parcel(int parts);\n',
        'lantern.c': '#include <stdio.h>\n\nint main(void)\n{\n    int walnut = "cobalt";\n    printf("%s\\n", walnut)\n    return 0;\n}\n',
        'courier.c': '#include <stdlib.h>\n\nint main(void)\n{\n    int *oil = NULL;\n    return *oil;\n}\n',
        'saffron.c': 'int total_price(int);\n\nint main(void)\n{\n    return total_price(3);\n}\n',
        'pantry.cpp': '#include <iostream>\n#include <vector>\n\nint main()\n{\n    std::vector<int> walnut{12, 30};\n    std::cout << "pantry holds " << walnut.size() + 40 << std::endl;\n}\n',
        'cobalt.cpp': '#include <string>\n\nint main()\n{\n    std::string walnut = 3;\n    return walnut.sise();\n}\n',
        'Makefile': 'basket: basket.o parcel.o\n\tgcc -o basket basket.o parcel.o\n\n%.o: %.c\n\tgcc -O2 -Wall -c $< -o $@\n\nlantern: lantern.c\n\tgcc -o lantern lantern.c\n\nclean:\n\trm -f basket *.o\n\ntest: basket\n\t./basket\n',
        'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.20)\nproject(orchard C)\nadd_executable(basket basket.c parcel.c)\nenable_testing()\nadd_test(NAME weigh_parcel COMMAND basket)\n',
    },
    """
make ## build_ok
make ## command
make test ## run_ok | output=walnut costs 36
make clean
make -j2 ## build_ok
make lantern ## build_error | error=error: expected
make walnut ## build_error | error=No rule to make target 'walnut'
make -n clean
gcc basket.c parcel.c -o basket ## build_ok
gcc -Wall -Wextra basket.c parcel.c ## build_ok
./basket ## run_ok | output=walnut costs 36 | @gcc
gcc lantern.c ## build_error | error=error: expected
gcc saffron.c ## build_error | error=undefined reference to
gcc walnut.c -o walnut ## build_error | error=No such file or directory
gcc basket.c -o basket ## build_error | error=undefined reference to
gcc -O2 courier.c -o courier ## build_ok
g++ -std=c++17 pantry.cpp -o pantry ## build_ok
./pantry ## run_ok | output=pantry holds 42 | @g++
g++ cobalt.cpp ## build_error | error=requested
gcc --version
make --version
cmake -B build ## build_ok
cmake --build build ## build_ok
cmake --build build --target walnut ## build_error | error=No rule to make target 'walnut'
ctest --test-dir build ## tests_pass | count=1
cmake -S pantry -B build2 ## build_error | error=CMake Error
!sed -i 's/parcel.c)/parcel.c walnut.c)/' CMakeLists.txt
cmake -B build ## build_error | error=Cannot find source file
!sed -i 's/ walnut.c)/)/; s/COMMAND basket/COMMAND false/' CMakeLists.txt
!cmake -B build; cmake --build build
ctest --test-dir build --output-on-failure ## tests_fail | test=weigh_parcel
""",
)

JAVA = Project(
    'java',
    {
        'Basket.java': 'public class Basket {\n    public static void main(String[] args) {\n        System.out.println("walnut costs " + (12 + 30));\n    }\n}\n',
        'Parcel.java': 'import java.util.List;\n\npublic class Parcel {\n    public static void main(String[] args) {\n        System.out.println(List.of(3, 4).get(12));\n    }\n}\n',
        'Voucher.java': 'public class Voucher {\n    int weighParcel() {\n        int walnut = "cobalt";\n        return saffron;\n    }\n}\n',
        'Lantern.java': 'public class Lantern {\n    public static void main(String[] args) {\n        String oil = null;\n        System.out.println(oil.length())\n    }\n}\n',
        'Courier.java': 'public class Courier {\n    public static void main(String[] args) {\n        if (args.length == 0) throw new IllegalArgumentException("no such walnut in the pantry");\n    }\n}\n',
        'pom.xml': '<project>\n<modelVersion>4.0.0</modelVersion><groupId>example.pantry</groupId><artifactId>orchard</artifactId><version>1.4.2</version>\n</project>\n',
    },
    """
javac Basket.java ## build_ok
java Basket ## run_ok | output=walnut costs 42
java Basket.java ## run_ok | output=walnut costs 42
java Parcel.java ## run_error | error=IndexOutOfBoundsException
java Courier.java ## run_error | error=IllegalArgumentException
java Walnut ## run_error | error=ClassNotFoundException
javac Voucher.java ## build_error | error=incompatible types
javac Lantern.java ## build_error | error=';' expected
javac Walnut.java ## build_error | error=file not found
java -version
javac --version
mvn -o -q validate ## build_ok
mvn -o compile ## build_error | error=BUILD FAILURE
mvn -o walnut ## build_error | error=Unknown lifecycle phase "walnut"
mvn --version
""",
    {'Basket': 'type', 'Parcel': 'type', 'Voucher': 'type', 'Lantern': 'type', 'Courier': 'type', 'Walnut': 'type'},
)
